import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { shellBlocks } from './shell-blocks.js';
import { typedSections } from './typed-sections.js';
import { type UnderTest, underTest } from './under-test.js';

export const TABLE = 'docs/commands-under-test.md';

const PAGES_AT_TOP = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const FOLDERS_OF_PAGES = ['docs', 'deploy', 'policy'];
/** What was decided then is no instruction, and nobody mends what is made. */
const NO_PAGES = [TABLE, 'docs/adr/'];

/** What the pages of this repository show, held against its tests. Reads from its top. */
export function commandsUnderTest(): UnderTest {
  const pages = [...PAGES_AT_TOP, ...FOLDERS_OF_PAGES.flatMap((folder) => below(folder, '.md'))]
    .filter((page) => !NO_PAGES.some((not) => page.startsWith(not)))
    .toSorted();
  return underTest(
    Object.fromEntries(pages.map((page) => [page, shellBlocks(readFileSync(page, 'utf8'))])),
    typedSections(sourcesOfTests()),
  );
}

function sourcesOfTests(): Record<string, string> {
  const names = below('test', '.ts').filter((name) => !name.startsWith('test/kit/'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(name, 'utf8')]));
}

function below(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => path.join(folder, name));
}
