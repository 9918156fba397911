import type { BlockUnderTest } from './under-test.js';

/** The page on which everybody can see what is typed by a test, and what is not and why. */
export function commandTable(blocks: readonly BlockUnderTest[]): string {
  const shown = sum(blocks, ({ commands }) => commands);
  const marked = sum(blocks, notRunOf);
  const typed = blocks.filter((block) => notRunOf(block) < block.commands).length;
  return `${INTRODUCTION}
${shown - marked} of ${shown} commands, in ${typed} of ${blocks.length} blocks, are typed by a test.

| page | section | commands | test, or why none |
|---|---|---|---|
${blocks.map(row).join('\n')}
`;
}

const INTRODUCTION = `<!-- Made by \`node dist/tools/commands/main.js\`; do not edit. -->
# Commands under test
Every command that a page shows for a shell is typed by a test that reads it from that page, or the page says above the block why not: \`<!-- not run by a test: why -->\`, or \`<!-- not run by a test (word): why -->\` for the commands with this word. \`tools/commands\` holds all pages to it, and makes this one.

What a test types is what the page says; words in capitals (\`ROTATION\`), addresses and places of files become those of the test.
`;

function row(block: BlockUnderTest): string {
  const { page, section, commands, tests, notRun } = block;
  const marked = notRunOf(block);
  const reasons = [...notRun].map(([why, count]) =>
    marked === commands ? `not run: ${why}` : `${count} not run: ${why}`,
  );
  const cells = [link(page), section, String(commands), [...tests.map(code), ...reasons].join('; ')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const code = (text: string) => `\`${text}\``;

/** From `docs/`, where the table lies. */
function link(page: string): string {
  const target = page.startsWith('docs/') ? page.slice('docs/'.length) : `../${page}`;
  return `[${page}](${target})`;
}

const notRunOf = ({ notRun }: BlockUnderTest) => sum([...notRun.values()], (count) => count);

const sum = <Item>(items: readonly Item[], value: (item: Item) => number) =>
  items.reduce((total, item) => total + value(item), 0);
