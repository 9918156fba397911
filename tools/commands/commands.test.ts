import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandsUnderTest, TABLE } from './repository.js';
import { shellBlocks } from './shell-blocks.js';
import { commandTable } from './table.js';
import { typedSections } from './typed-sections.js';
import { underTest } from './under-test.js';

describe('the pages of this repository', () => {
  const { blocks, faults } = commandsUnderTest();

  it('show no command that neither a test types nor a reason is given for', () => {
    expect(faults, faults.join('\n')).toEqual([]);
  });

  it('have most of their blocks typed', () => {
    const typed = blocks.filter(({ tests }) => tests.length > 0);
    expect(typed.length).toBeGreaterThan(blocks.length / 2);
  });

  it('are listed as they are: node dist/tools/commands/main.js makes the table anew', () => {
    expect(readFileSync(TABLE, 'utf8')).toBe(commandTable(blocks));
  });
});

const fence = (...lines: readonly string[]) => `\`\`\`sh\n${lines.join('\n')}\n\`\`\`\n`;
const textsOf = (page: string) =>
  shellBlocks(page).blocks.map(({ commands }) => commands.map(({ text }) => text));

describe('what a page shows for a shell', () => {
  it.each([
    ['lines', ['a', '', '# of nothing', 'b # of b'], ['a', 'b # of b']],
    ['a line that goes on', ['a \\', '  --b', 'c'], ['a --b', 'c']],
    ['a pipe', ['a |', '  b', 'c'], ['a |\n  b', 'c']],
    ['an open quote', ["a '{", "it: 1 }'", 'b'], ["a '{\nit: 1 }'", 'b']],
    ['an apostrophe in a comment', ["a # it's", 'b'], ["a # it's", 'b']],
    ['a loop', ['for x in 1; do', '  a', 'done', 'b'], ['for x in 1; do\n  a\ndone', 'b']],
    ['text that follows', ["a <<'EOF'", 'x', 'EOF', 'b'], ["a <<'EOF'\nx\nEOF", 'b']],
  ])('takes %s as a shell does', (_, lines, commands) => {
    expect(textsOf(fence(...lines))).toEqual([commands]);
  });

  it('is indented in lists, and in transcripts what is behind a prompt', () => {
    const page = '1. so\n   ```sh\n   a\n   ```\n```console\n$ b\nand b says\n```\n```text\nc\n```\n';
    expect(textsOf(page)).toEqual([['a'], ['b']]);
  });

  it('may be marked, all of it or what has a word', () => {
    const marks =
      '<!-- not run by a test: needs a cluster -->\n<!-- not run by a test (npm): takes an hour -->\n';
    const [all] = shellBlocks(`${marks.split('\n', 1)}\n${fence('a', 'b')}`).blocks;
    expect(all?.commands.map(({ notRun }) => notRun)).toEqual(['needs a cluster', 'needs a cluster']);
    const [one] = shellBlocks(`${marks.split('\n')[1]}\n${fence('a', 'npm b')}`).blocks;
    expect(one?.commands.map(({ notRun }) => notRun)).toEqual([null, 'takes an hour']);
    const [none] = shellBlocks(`${marks}\nA sentence.\n${fence('a')}`).blocks;
    expect(none?.commands.map(({ notRun }) => notRun)).toEqual([null]);
  });
});

describe('what tests type', () => {
  const typed = (source: string) => typedSections({ 'test/e2e/a.test.ts': source });
  const test = 'test/e2e/a.test.ts';

  it('is what they read by a literal, a constant, or a function of their own', () => {
    expect(typed(`runbookCommands('docs/a.md', 'One').flat()`)).toEqual([
      { test, page: 'docs/a.md', heading: 'One', block: null },
    ]);
    const own = `const PAGE = 'docs/a.md'; const of = (heading: string) => runbookCommands(PAGE, heading);`;
    expect(typed(`${own} const [, second] = of('Two'); type(of('One')[0]);`)).toEqual([
      { test, page: 'docs/a.md', heading: 'Two', block: 1 },
      { test, page: 'docs/a.md', heading: 'One', block: 0 },
    ]);
  });

  it('is a whole page, or all that a list of the folder names', () => {
    expect(typed(`commandSections('docs/a.md'); documentedPages('docs/b')`)).toEqual([
      { test, page: 'docs/a.md', heading: null, block: null },
      { test, page: 'docs/b', heading: null, block: null },
    ]);
    const listed = typedSections({
      [test]: `for (const code of CODES) runbookCommands('docs/a.md', code)`,
      'test/e2e/codes.ts': `export const CODES = ['host.drift']`,
      'test/fleet/b.ts': `'elsewhere'`,
    });
    expect(listed.map(({ heading }) => heading)).toEqual(['docs/a.md', 'host.drift']);
    expect(listed.at(-1)?.test).toBe('test/e2e/codes.ts');
    const page = `## \`host.busy\`, \`host.drift\`\n${fence('a')}`;
    expect(underTest({ 'docs/a.md': shellBlocks(page) }, listed).faults).toEqual([]);
  });
});

describe('the gate', () => {
  const gate = (page: string, source: string) =>
    underTest({ 'docs/a.md': shellBlocks(page) }, typedSections({ 'test/e2e/a.test.ts': source })).faults;
  const reads = `runbookCommands('docs/a.md', 'One')`;

  it('is content with what is typed, and with what is marked', () => {
    expect(gate(`# A\n## One\n${fence('a')}`, reads)).toEqual([]);
    expect(gate(`<!-- not run by a test: needs a cluster -->\n${fence('a')}`, '')).toEqual([]);
  });

  it.each([
    [
      'a block that nobody types',
      `## One\n${fence('a')}`,
      '',
      'docs/a.md:2, under "One", shows 1 command(s)',
    ],
    ['a second block', `## One\n${fence('a')}${fence('b')}`, `${reads}[0]`, 'docs/a.md:5, under "One"'],
    ['a block that is not there', `## One\n${fence('a')}`, `${reads}; ${reads}[7]`, 'reads block 7 of "One"'],
    ['what does not say what it is', '```\na\n```\n', '', 'docs/a.md:1 is a block that does not say'],
    ['a reason that is none', `<!-- not run by a test: todo -->\n${fence('a')}`, '', 'because "todo"'],
    [
      'a mark of nothing',
      `## One\n<!-- not run by a test (b): needs a cluster -->\n${fence('a')}`,
      reads,
      'has a mark that is about no command',
    ],
  ])('finds %s', (_, page, source, says) => {
    expect(gate(page, source)).toEqual([expect.stringContaining(says)]);
  });
});
