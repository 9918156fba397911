import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Command } from './command-line/command.js';
import { findCommand } from './command-line/find-command.js';
import { commandTable } from './command-table.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const BLOCK = /^```\w*\n([\s\S]*?)^```/gm;
const INLINE = /`(?:[A-Z_]+=\S+ )?windlass ([^`]+)`/g;
/** In a line for a shell: behind its start, a pipe, a substitution, a variable, or what starts it elsewhere. */
const CALLED = /(?:^|[|(]|npx|api|windlass) *(?:\$ )?(?:[A-Z_]+=\S+ )?windlass ([a-z-].*)/;
const table = commandTable();

interface Documented {
  readonly line: string;
  readonly where: string;
  /** To be typed as it stands; a sentence may leave out what does not matter to it. */
  readonly whole: boolean;
}

const documented = [
  ...['README.md', 'CHANGELOG.md', ...filesOf('docs')].flatMap(commandsIn),
  ...table.flatMap(({ words, examples }) => shellLines(examples.join('\n'), words)),
];

describe('a command that documentation or help shows', () => {
  it.each(documented)('can be typed: windlass $line ($where)', async ({ line, whole }) => {
    const words = wordsOf(line);
    const found = findCommand(words, table);
    // A text may name what several commands begin with.
    if (found.kind === 'group' || words[0] === '--help') return;
    expect(found.kind, `there is no windlass ${words.slice(0, 2).join(' ')}`).toBe('command');
    if (found.kind !== 'command') return;
    const { positionals, values } = await parsed(found.command, found.rest);
    const { operands } = found.command;
    const most = operands.includes('FILE') ? Number.POSITIVE_INFINITY : operands.length;
    expect(positionals.length, `${operands}`).toBeLessThanOrEqual(most);
    const needed = operands.filter((operand) => !operand.startsWith('['));
    if (whole && !values.help)
      expect(positionals.length, `${operands}`).toBeGreaterThanOrEqual(needed.length);
  });

  it('is found in tables, sentences, shells and help', () => {
    const lines = documented.map(({ line }) => line);
    expect(lines.length).toBeGreaterThan(180);
    for (const line of ['postmortem ROTATION', 'scan -', 'approve edge']) expect(lines).toContain(line);
  });
});

/** Throws for an option that there is not, and for a word that it does not take. */
async function parsed(command: Command, args: readonly string[]) {
  const known = await command.options();
  const options = { help: { type: 'boolean', short: 'h' }, ...known } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  for (const [name, { oneOf }] of Object.entries(known)) {
    const value = Reflect.get(values, name);
    if (oneOf && value !== undefined && value !== 'WORD') expect(oneOf, `--${name}`).toContain(value);
  }
  return { positionals, values };
}

function filesOf(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name));
}

function commandsIn(where: string): Documented[] {
  const text = readFileSync(path.join(ROOT, where), 'utf8');
  const inline = [...text.replaceAll(BLOCK, '').matchAll(INLINE)].flatMap(([, line]) => line ?? []);
  return [
    ...[...text.matchAll(BLOCK)].flatMap(([, block = '']) => shellLines(block, where)),
    ...[...new Set(inline)].map((line) => ({ line, where, whole: false })),
  ];
}

function shellLines(text: string, where: string): Documented[] {
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n');
  return lines
    .flatMap((line) => CALLED.exec(line.trim())?.[1] ?? [])
    .map((line) => ({ line, where, whole: true }));
}

/** As a shell gives them, up to the next command, redirection or comment; brackets are what may be left out. */
function wordsOf(line: string): string[] {
  const quoted = /"(?:[^"\\]|\\.)*"|'[^']*'/g;
  const kept = line.replaceAll(quoted, (text) => `_${text.replaceAll(/[^\w-]/g, '_')}`);
  const [own = ''] = kept.split(/ [|#>&]|[;)>]/);
  const words = own.replaceAll(/[[\]]/g, '').split(/\s+/);
  return words.filter((word) => word !== '' && word !== '...' && word !== 'COMMAND');
}
