import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDERS = ['apps', 'libs', 'migrations', 'test', 'tools', 'docs', 'dist', '.ci'];
const below = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
const DOCUMENTS = ['README.md', ...below('docs'), 'tools/vault/README.md', 'tools/moto/README.md'].filter(
  (name) => name.endsWith('.md'),
);

/** Every word that begins as a path of this repository does, and the target of every link that is a file. */
function namedPaths(document: string): readonly string[] {
  const text = readFileSync(document, 'utf8');
  const words = text.match(/(?<![\w./-])[\w.*/-]+/g) ?? [];
  const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, target = '']) =>
    path.join(path.dirname(document), target),
  );
  const inFolder = words.filter((word) => FOLDERS.some((folder) => word.startsWith(`${folder}/`)));
  return [...new Set([...inFolder.map((word) => word.replace(/[.,]+$/, '')), ...links])];
}

/** What is compiled is there when its source is; a `*` stands for anything at the end of a name. */
function exists(named: string): boolean {
  const file = named.replace(/^dist\/(.*)\.js$/, '$1.ts');
  if (!file.includes('*')) return existsSync(file);
  const [folder, start] = [path.dirname(file), path.basename(file).split('*', 1)[0] ?? ''];
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(start));
}

describe.each(DOCUMENTS)('%s', (document) => {
  it('names no file that is not there', () => {
    expect(namedPaths(document).filter((named) => !exists(named))).toEqual([]);
  });
});

it('finds the paths that documents name', () => {
  expect(namedPaths('README.md')).toEqual(
    expect.arrayContaining(['dist/apps/api/src/main.js', 'libs/nginx-audit', 'docs/adr/README.md']),
  );
});

it('leads from docs/README.md to every page, decisions and runbooks by their own index', () => {
  const indexed = namedPaths('docs/README.md');
  const own = /^docs\/(adr|operations\/runbooks)\/(?!README)|^docs\/README/;
  expect(
    DOCUMENTS.filter((name) => name.startsWith('docs/') && !own.test(name) && !indexed.includes(name)),
  ).toEqual([]);
});
