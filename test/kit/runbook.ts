import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.js';

/**
 * The commands of a section of a runbook, block by block, as they stand there; those of sections within it are theirs.
 * Throws where there are none.
 */
export function runbookCommands(document: string, heading: string | RegExp): readonly (readonly string[])[] {
  const text = readFileSync(join(repositoryRoot(), document), 'utf8');
  const isIt = (title = '') => (typeof heading === 'string' ? title === heading : heading.test(title));
  const section = text.split(/^#{2,3} /m).find((one) => isIt(one.split('\n', 1)[0]));
  const blocks = [...(section ?? '').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, lines = '']) =>
    lines
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => line !== ''),
  );
  if (blocks.length === 0) throw new Error(`${document} has no commands under "${heading}"`);
  return blocks;
}
