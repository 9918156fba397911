import type { PageBlocks, ShellBlock } from './shell-blocks.js';
import type { TypedSection } from './typed-sections.js';

/** One line of the table: a block, and who types it or why nobody does. */
export interface BlockUnderTest {
  readonly page: string;
  readonly section: string;
  readonly line: number;
  readonly commands: number;
  readonly tests: readonly string[];
  /** How many commands each reason is for. */
  readonly notRun: ReadonlyMap<string, number>;
}

export interface UnderTest {
  readonly blocks: readonly BlockUnderTest[];
  /** What is wrong, with the next step; a page is as it should be when there is none. */
  readonly faults: readonly string[];
}

const MARK = '<!-- not run by a test: why -->';
const LEAST_WORDS = 3;

/** Holds what pages show for a shell against what tests type. */
export function underTest(
  pages: Readonly<Record<string, PageBlocks>>,
  typed: readonly TypedSection[],
): UnderTest {
  const entries = Object.entries(pages);
  const blocks = entries.flatMap(([page, { blocks }]) =>
    blocks.map((block) => row(page, block, blocks, typed)),
  );
  return {
    blocks,
    faults: [
      ...entries.flatMap(([page, { untyped }]) => untyped.map((line) => untypedFault(page, line))),
      ...entries.flatMap(([page, { blocks }]) => blocks.flatMap((block) => markFaults(page, block))),
      ...blocks.flatMap(blockFaults),
      ...typed.flatMap((one) => readsNothing(one, pages)),
    ],
  };
}

function row(
  page: string,
  block: ShellBlock,
  all: readonly ShellBlock[],
  typed: readonly TypedSection[],
): BlockUnderTest {
  const notRun = new Map<string, number>();
  for (const { notRun: why } of block.commands) if (why !== null) notRun.set(why, (notRun.get(why) ?? 0) + 1);
  const isTyped = block.commands.some(({ notRun: why }) => why === null);
  const tests = typed
    .filter((one) => isTyped && isAbout(one, page) && types(one, block, all))
    .map(({ test }) => test);
  const { heading: section, line, commands } = block;
  return {
    ...{ page, section, line, commands: commands.length },
    ...{ tests: [...new Set(tests)].toSorted(), notRun },
  };
}

const isAbout = ({ page }: TypedSection, path: string) => path === page || path.startsWith(`${page}/`);

function types({ heading, block: index }: TypedSection, block: ShellBlock, all: readonly ShellBlock[]) {
  if (heading === null) return true;
  const isBelow = (one: ShellBlock) => namesOf(one.heading).includes(bare(heading));
  return isBelow(block) && (index === null || all.filter(isBelow)[index] === block);
}

const bare = (heading: string) => heading.replaceAll('`', '');

/** A section may be about several codes: `host.busy`, `host.torn`. */
const namesOf = (heading: string) => [
  bare(heading),
  ...[...heading.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
];

function untypedFault(page: string, line: number): string {
  return `${page}:${line} is a block that does not say what it holds. Next: write \`\`\`sh for commands, \`\`\`console for a transcript with "$ " before what is typed, \`\`\`text for what nobody types.`;
}

function markFaults(page: string, { line, commands, idleMarks }: ShellBlock): string[] {
  const place = `${page}:${line}`;
  const reasons = new Set(commands.flatMap(({ notRun }) => notRun ?? []));
  return [
    ...[...reasons]
      .filter((why) => why.split(' ').length < LEAST_WORDS)
      .map((why) => `${place} is marked as not run because "${why}". Next: say what keeps a test from it.`),
    ...idleMarks.map(
      (why) => `${place} has a mark that is about no command of it: "${why}". Next: mend or remove the mark.`,
    ),
  ];
}

function blockFaults({ page, section, line, commands, tests, notRun }: BlockUnderTest): string[] {
  const marked = [...notRun.values()].reduce((sum, count) => sum + count, 0);
  if (marked < commands && tests.length === 0)
    return [
      `${page}:${line}, under "${section}", shows ${commands - marked} command(s) that no test types. Next: type them in a test that reads them by runbookCommands('${page}', '${section}') of test/kit, or put "${MARK}" right above the block.`,
    ];
  return [];
}

/** The reader of the kit throws for a section that is not there; of a block that is not there it knows nothing. */
function readsNothing(typed: TypedSection, pages: Readonly<Record<string, PageBlocks>>): string[] {
  const of = Object.entries(pages).filter(([page]) => isAbout(typed, page));
  if (typed.block === null && of.length > 0) return [];
  const found = of.some(([, { blocks }]) => blocks.some((block) => types(typed, block, blocks)));
  if (found) return [];
  return [
    `${typed.test} reads block ${typed.block} of "${typed.heading}" in ${typed.page}, which is not there.`,
  ];
}
