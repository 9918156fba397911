import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.js';

/** What stands below one heading of a page and is for a shell, block by block, line by line. */
export interface PageSection {
  readonly heading: string;
  readonly blocks: readonly (readonly string[])[];
}

/** The sections of a page that have commands, in their order. */
export function commandSections(document: string): readonly PageSection[] {
  const [, ...sections] = readFileSync(join(repositoryRoot(), document), 'utf8').split(/^## /m);
  return sections
    .map((text) => ({ heading: text.split('\n', 1)[0] ?? '', blocks: blocksIn(text) }))
    .filter(({ blocks }) => blocks.length > 0);
}

/** The commands of a section of a runbook, block by block, as they stand there. Throws where there are none. */
export function runbookCommands(document: string, heading: string): PageSection['blocks'] {
  const section = commandSections(document).find((one) => one.heading === heading);
  if (section) return section.blocks;
  throw new Error(`${document} has no commands under "${heading}"`);
}

function blocksIn(section: string): PageSection['blocks'] {
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, lines = '']) =>
    lines.split('\n').filter((line) => line !== ''),
  );
}
