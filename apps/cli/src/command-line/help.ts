import { type Command, SECTIONS } from './command.js';
import type { Option, Options } from './option.js';

const FIRST_LINE = 'windlass: rotates the client CA of a fleet of nginx hosts, all or nothing';
const WIDTH = 118;

/** Every command in one line. */
export function overview(table: readonly Command[]): string {
  const sections = Object.entries(SECTIONS).flatMap(([section, title]) => {
    const rows = table
      .filter((one) => one.section === section)
      .map((one) => [callOf(one), one.says] as const);
    return rows.length === 0 ? [] : ['', title, ...pairs(rows)];
  });
  return [
    FIRST_LINE,
    ...sections,
    '',
    'windlass COMMAND --help says more of one, with examples. To begin: windlass fleet add --help',
  ].join('\n');
}

/** The commands that begin with one word. */
export function groupHelp(words: string, commands: readonly Command[]): string {
  return [
    `windlass ${words} ...`,
    '',
    ...pairs(commands.map((one) => [callOf(one), one.says])),
    '',
    `windlass ${words} COMMAND --help says more of one, with examples.`,
  ].join('\n');
}

/** Of one command: how it is called, what it does, its options and examples. */
export function helpOf(command: Command, own: Options, shared: Options, footer: string): string {
  const { says, about, aliases, examples } = command;
  const more = [aliases.length > 0 ? `Also: windlass ${aliases.join(', windlass ')}` : '', about];
  return [
    `windlass ${callOf(command)}`,
    '',
    `${says.charAt(0).toUpperCase()}${says.slice(1)}.`,
    ...more.filter((text) => text !== '').flatMap((text) => ['', text]),
    ...(Object.keys(own).length > 0 ? ['', ...pairs(Object.entries(own).map(optionRow))] : []),
    '',
    ...pairs(Object.entries(shared).map(optionRow)),
    '',
    footer,
    '',
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}

export function callOf({ words, operands }: Pick<Command, 'words' | 'operands'>): string {
  return [words, ...operands].join(' ');
}

function optionRow([name, { short, takes, oneOf, says = '', multiple }]: [string, Option]): [string, string] {
  const call = `${short ? `-${short}, ` : ''}--${name}${takes ? ` ${takes}` : ''}`;
  const words = oneOf ? `${says}: ${oneOf.join(', ')}` : says;
  return [call, multiple ? `${words}; once for each` : words];
}

/** Two columns; what does not fit into the line goes on below itself. */
function pairs(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  const room = WIDTH - width - 4;
  return rows.flatMap(([left, right]) => {
    const [first = '', ...others] = wrapped(right, room);
    const tooLong = left.length > width;
    const head = tooLong
      ? [`  ${left}`, `  ${' '.repeat(width)}  ${first}`]
      : [`  ${left.padEnd(width)}  ${first}`];
    return [...head, ...others.map((line) => `  ${' '.repeat(width)}  ${line}`)].map((line) =>
      line.trimEnd(),
    );
  });
}

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
