import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Absolute path of a file of this project that is not compiled: the same from dist/ and from the sources, as
 * both lie below the folder of package.json.
 */
export function projectPath(relative: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, relative);
    if (folder === dirname(folder))
      throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}`);
  }
}
