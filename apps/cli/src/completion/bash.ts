import type { Option } from '../command-line/option.js';
import type { Place } from './completions.js';

/** For bash 3.2 and later. Pure. */
export function bashCompletion(places: readonly Place[]): string {
  return `# bash completion of windlass; made by: windlass completion bash
_windlass() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" place="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$place/$word" in
${places.flatMap(steps).join('\n')}
    esac
  done
  COMPREPLY=()
  case "$place/$previous" in
${places.flatMap(values).join('\n')}
  esac
  case "$current" in
    -*) word=options ;;
    *) word=words ;;
  esac
  case "$place/$word" in
${places.flatMap(offers).join('\n')}
  esac
  if [ -z "\${COMPREPLY[*]}" ] && [ "$word" = words ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _windlass windlass
`;
}

/** \`/host\` leads to \`host\`, \`host/add\` to \`host add\`. */
function steps({ words, next }: Place): string[] {
  return next.map(
    ([word]) => `      "${words}/${word}") place="${words === '' ? word : `${words} ${word}`}" ;;`,
  );
}

function values({ words, options }: Place): string[] {
  return options.flatMap(([name, option]) => {
    const { type, short, oneOf, takes } = option;
    if (type !== 'string') return [];
    const called = [`"${words}/--${name}"`, ...(short ? [`"${words}/-${short}"`] : [])].join('|');
    const reply = oneOf
      ? `compgen -W '${oneOf.join(' ')}' -- "$current"`
      : takes === 'FILE'
        ? 'compgen -f -- "$current"'
        : '';
    return [`    ${called}) ${reply === '' ? '' : `COMPREPLY=($(${reply})); `}return ;;`];
  });
}

function offers({ words, next, options }: Place): string[] {
  const offer = (kind: string, list: readonly string[]) =>
    list.length === 0
      ? []
      : [`    "${words}/${kind}") COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$current")) ;;`];
  return [
    ...offer(
      'words',
      next.map(([word]) => word),
    ),
    ...offer('options', options.flatMap(flags)),
  ];
}

function flags([name, { short }]: readonly [string, Option]): string[] {
  return [`--${name}`, ...(short ? [`-${short}`] : [])];
}
