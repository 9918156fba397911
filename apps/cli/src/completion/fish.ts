import type { Option } from '../command-line/option.js';
import type { Place } from './completions.js';

/** Pure. */
export function fishCompletion(places: readonly Place[]): string {
  return `# fish completion of windlass; made by: windlass completion fish
function __windlass_at
  set -l place ''
  set -l steps ${places.flatMap(steps).map(quoted).join(' ')}
  for word in (commandline -opc)[2..-1]
    if contains -- "$place/$word" $steps
      set place (string trim -- "$place $word")
    end
  end
  test "$place" = "$argv"
end
${places.flatMap(lines).join('\n')}
`;
}

function steps({ words, next }: Place): string[] {
  return next.map(([word]) => `${words}/${word}`);
}

function lines({ words, next, options }: Place): string[] {
  const head = `complete -c windlass -n ${quoted(`__windlass_at ${words}`.trim())}`;
  return [
    ...next.map(([word, says]) => `${head} -f -a ${quoted(word)} -d ${quoted(says)}`),
    ...options.map(([name, option]) => `${head} -l ${name}${flagWords(option)}`),
  ];
}

function flagWords({ type, short, oneOf, takes, says }: Option): string {
  return [
    ...(short ? [` -s ${short}`] : []),
    ...(type === 'string' ? [takes === 'FILE' ? ' -r -F' : ' -x'] : []),
    ...(oneOf ? [` -a ${quoted(oneOf.join(' '))}`] : []),
    ...(says ? [` -d ${quoted(says)}`] : []),
  ].join('');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
