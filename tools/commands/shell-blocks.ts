import { commandsOfShell } from './shell-lines.js';

/** A command that a page shows: what a shell takes as one, over as many lines as it stands on. */
export interface ShownCommand {
  readonly text: string;
  /** Why no test types it, as the page says; null where one must. */
  readonly notRun: string | null;
}

/** A fenced block that somebody may type. */
export interface ShellBlock {
  /** The one that stands last before it. */
  readonly heading: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly commands: readonly ShownCommand[];
  /** Marks above it that are about no command of it. */
  readonly idleMarks: readonly string[];
}

export interface PageBlocks {
  readonly blocks: readonly ShellBlock[];
  /** The lines of fences that do not say what they hold. */
  readonly untyped: readonly number[];
}

const HEADING = /^#+ (.+)$/;
const FENCE = /^(\s*)```+\s*(\S*)/;
const SHELLS: readonly string[] = ['sh', 'bash', 'shell', 'console'];
const MARK = /^\s*<!-- not run by a test(?: \(([^)]+)\))?: (.+?) -->$/;

interface Mark {
  /** Commands with this text; null: all of the block. */
  readonly word: string | null;
  readonly why: string;
}

/** What a page of Markdown shows for a shell. */
export function shellBlocks(markdown: string): PageBlocks {
  const blocks: ShellBlock[] = [];
  const untyped: number[] = [];
  let heading = '';
  let marks: Mark[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const fence = FENCE.exec(line);
    if (fence) {
      const [, indent = '', language = ''] = fence;
      const end = lines.findIndex((other, index) => index > at && other.startsWith(`${indent}\`\`\``));
      const body = lines.slice(at + 1, end).map((one) => one.slice(indent.length));
      if (language === '') untyped.push(at + 1);
      if (SHELLS.includes(language))
        blocks.push({
          heading,
          line: at + 1,
          ...marked(commandsOf(language, body), marks),
        });
      at = end === -1 ? lines.length : end;
    }
    heading = HEADING.exec(line)?.[1] ?? heading;
    const [, word = null, why] = MARK.exec(line) ?? [];
    marks = why === undefined ? [] : [...marks, { word, why }];
  }
  return { blocks, untyped };
}

/** In a transcript, what stands behind a prompt; the rest is what was said. */
function commandsOf(language: string, body: readonly string[]): string[] {
  const commands = commandsOfShell(body);
  if (language !== 'console') return commands;
  return commands.filter((one) => one.startsWith('$ ')).map((one) => one.slice(2));
}

function marked(commands: readonly string[], marks: readonly Mark[]) {
  const about = ({ word }: Mark, text: string) => word === null || text.includes(word);
  return {
    commands: commands.map((text) => ({
      text,
      notRun: marks.find((mark) => about(mark, text))?.why ?? null,
    })),
    idleMarks: marks.filter((mark) => !commands.some((text) => about(mark, text))).map(({ why }) => why),
  };
}
