import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ShellBlock, shellBlocks } from '../../tools/commands/shell-blocks.js';
import { repositoryRoot } from './repository-root.js';

/** What stands below one heading of a page and is for a shell: commands, block by block. */
export interface PageSection {
  readonly heading: string;
  readonly blocks: readonly (readonly string[])[];
}

/** What a page shows for a shell. */
export interface DocumentedPage {
  /** Such as `docs/audit.md`. */
  readonly page: string;
  readonly sections: readonly PageSection[];
}

/**
 * The commands of a section of a page, block by block, as they stand there, without those that the page marks as not
 * run. Those of sections within it are theirs. tools/commands finds calls of this and of what is below by their names,
 * and counts what they read as typed: so type all of it. Throws where there are none.
 */
export function runbookCommands(document: string, heading: string | RegExp): PageSection['blocks'] {
  const isIt = (title: string) => (typeof heading === 'string' ? title === heading : heading.test(title));
  const section = commandSections(document).find((one) => isIt(one.heading));
  if (section) return section.blocks;
  throw new Error(`${document} has no commands under "${heading}"`);
}

/** The sections of a page that have commands, in their order. */
export function commandSections(document: string): readonly PageSection[] {
  const { blocks } = shellBlocks(readFileSync(join(repositoryRoot(), document), 'utf8'));
  const headings = [...new Set(blocks.map(({ heading }) => heading))];
  return headings.map((heading) => ({
    heading,
    blocks: blocks.filter((block) => block.heading === heading).map(toType),
  }));
}

/** The pages of a folder. */
export function documentedPages(folder: string): readonly DocumentedPage[] {
  return readdirSync(join(repositoryRoot(), folder))
    .map((name) => `${folder}/${name}`)
    .map((page) => ({ page, sections: commandSections(page) }));
}

function toType({ commands }: ShellBlock): readonly string[] {
  return commands.filter(({ notRun }) => notRun === null).map(({ text }) => text);
}
