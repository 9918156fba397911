import { describe, expect, it } from 'vitest';
import type { Command } from './command.js';
import { findCommand } from './find-command.js';
import { groupHelp, helpOf, overview } from './help.js';
import { nearest } from './nearest.js';

function command(words: string, over: Partial<Command> = {}): Command {
  return {
    ...{ words, aliases: [], section: 'fleets', operands: [], says: `does ${words}`, about: '' },
    ...{ examples: [`windlass ${words} now`], options: async () => ({}), run: async () => 0 },
    ...over,
  };
}

const TABLE = [
  command('fleet list', { aliases: ['fleets'] }),
  command('fleet add', { operands: ['NAME'] }),
  command('audit'),
  command('audit verify'),
  command('rotate', { section: 'rotations' }),
];

describe('the words of a command line', () => {
  it.each([
    ['fleet list -o json', 'fleet list', ['-o', 'json']],
    ['fleets x', 'fleet list', ['x']],
    ['audit verify x', 'audit verify', ['x']],
    ['audit nginx.conf', 'audit', ['nginx.conf']],
    ['audit', 'audit', []],
    ['rotate --help', 'rotate', ['--help']],
  ])('"%s" call %s', (line, words, rest) => {
    const found = findCommand(line.split(' '), TABLE);
    expect(found).toMatchObject({ kind: 'command', command: { words }, rest });
  });

  it.each(['--server http://w.example fleet list', '-o json fleets', '--yes rotate edge'])(
    'that begin with an option call nothing: "%s"',
    (line) => {
      const words = line.split(' ');
      expect(findCommand(words, TABLE)).toEqual({ kind: 'option', option: words[0] });
    },
  );

  it('that only begin some name those', () => {
    for (const line of ['fleet', 'fleet --help']) {
      const found = findCommand(line.split(' '), TABLE);
      expect(found).toMatchObject({ kind: 'group', words: 'fleet', commands: [TABLE[0], TABLE[1]] });
    }
  });

  it.each([
    ['flet list', 'flet', 'fleet'],
    ['fleet lsit', 'fleet lsit', 'fleet list'],
    ['rotaet', 'rotaet', 'rotate'],
    ['something', 'something', null],
  ])('"%s" call nothing, and the nearest is named', (line, words, near) => {
    expect(findCommand(line.split(' '), TABLE)).toEqual({ kind: 'unknown', words, nearest: near });
  });
});

describe('the nearest word', () => {
  it.each([
    ['lsit', ['list', 'get'], 'list'],
    ['ad', ['add', 'get'], 'add'],
    ['x', ['list'], null],
    ['x', [], null],
  ])('to %s of %j', (word, known, near) => {
    expect(nearest(word, known)).toBe(near);
  });
});

describe('help', () => {
  it('has all commands by their sections, in the order of the table', () => {
    expect(overview(TABLE)).toBe(`windlass: rotates the client CA of a fleet of nginx hosts, all or nothing

Rotations
  rotate  does rotate

Fleets and their hosts
  fleet list      does fleet list
  fleet add NAME  does fleet add
  audit           does audit
  audit verify    does audit verify

windlass COMMAND --help says more of one, with examples. To begin: windlass fleet add --help`);
    expect(groupHelp('fleet', TABLE.slice(0, 2))).toMatch(
      /^windlass fleet \.\.\.\n\n {2}fleet list {6}does fleet list\n/,
    );
  });

  it('has what a command takes, wrapped below itself, and its examples', () => {
    const long = `${'word '.repeat(30)}end`;
    const options = {
      kind: { type: 'string', short: 'k', takes: 'WORD', says: 'which', oneOf: ['a', 'b'], multiple: true },
      'a-name-that-is-longer-than-the-column': { type: 'boolean', says: long },
    } as const;
    const text = helpOf(command('fleet add', { about: 'More.', aliases: ['fa'] }), options, {}, 'The end.');
    expect(text).toMatch(/^windlass fleet add\n\nDoes fleet add\.\n\nAlso: windlass fa\n\nMore\.\n\n/);
    expect(text).toMatch(/\n {2}-k, --kind WORD +which: a, b; once for each\n/);
    expect(text).toMatch(
      /\n {2}--a-name-that-is-longer-than-the-column\n {36,}word word [^\n]*\n {36,}word [^\n]*end\n/,
    );
    expect(text).toMatch(/The end\.\n\n {2}windlass fleet add now$/);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });
});
