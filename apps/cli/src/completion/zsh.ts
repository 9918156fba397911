import type { Option } from '../command-line/option.js';
import type { Place } from './completions.js';

/** Pure. */
export function zshCompletion(places: readonly Place[]): string {
  return `#compdef windlass
# zsh completion of windlass; made by: windlass completion zsh
_windlass() {
  local place="" word
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place/$word" in
${places.flatMap(steps).join('\n')}
    esac
  done
  case "$place/$words[CURRENT-1]" in
${places.flatMap(values).join('\n')}
  esac
  case "$place" in
${places.map(offers).join('\n')}
  esac
  if [[ "$words[CURRENT]" != -* ]]; then _files; fi
}
if [ "$funcstack[1]" = "_windlass" ]; then _windlass "$@"; else compdef _windlass windlass; fi
`;
}

function steps({ words, next }: Place): string[] {
  return next.map(
    ([word]) =>
      `      ${quoted(`${words}/${word}`)}) place=${quoted(words === '' ? word : `${words} ${word}`)} ;;`,
  );
}

function values({ words, options }: Place): string[] {
  return options.flatMap(([name, { type, short, oneOf, takes }]) => {
    if (type !== 'string') return [];
    const called = [quoted(`${words}/--${name}`), ...(short ? [quoted(`${words}/-${short}`)] : [])].join('|');
    const reply = oneOf ? `compadd -- ${oneOf.map(quoted).join(' ')}` : takes === 'FILE' ? '_files' : ':';
    return [`    ${called}) ${reply}; return ;;`];
  });
}

function offers({ words, next, options }: Place): string {
  const described = next.map(([word, says]) => quoted(`${word}:${says.replaceAll(':', '\\:')}`));
  const flags = options.map(([name, { says = name }]: readonly [string, Option]) =>
    quoted(`--${name}:${says.replaceAll(':', '\\:')}`),
  );
  const lines = [
    ...(described.length === 0 ? [] : [`offered=(${described.join(' ')}); _describe command offered`]),
    ...(flags.length === 0 ? [] : [`offered=(${flags.join(' ')}); _describe option offered`]),
  ];
  return `    ${quoted(words)}) ${[...lines, described.length > 0 ? 'return' : ':'].join('; ')} ;;`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
