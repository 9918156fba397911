// Where what is built once per machine is kept: outside the repository, so that a second checkout or a clean one
// finds it again.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** A folder of ours in the user's cache. XDG says that a relative XDG_CACHE_HOME is invalid and to be ignored. */
export function cacheFolder(...names) {
  const configured = process.env.XDG_CACHE_HOME ?? '';
  const root = path.isAbsolute(configured) ? configured : path.join(homedir(), '.cache');
  return path.join(root, 'windlass', ...names);
}

/**
 * Makes `folder` what `fill` puts into the folder that it is given, unless it is there. By a rename, so that nobody
 * finds half of it; of several at once, the first one's stays.
 */
export function keep(folder, fill) {
  if (existsSync(folder)) return;
  mkdirSync(path.dirname(folder), { recursive: true });
  const partial = mkdtempSync(path.join(path.dirname(folder), 'partial-'));
  try {
    fill(partial);
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
