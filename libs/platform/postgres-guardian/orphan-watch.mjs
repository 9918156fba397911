import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BARE_ENVIRONMENT } from './process.mjs';

const SCRIPT = fileURLToPath(new URL('./orphan-watch.sh', import.meta.url));

/**
 * Sees to it that PostgreSQL does not run for ever when this process is killed together with all that would
 * start another guardian. Ends with this process when that stops by itself.
 * @param {string} dataDir
 * @param {number} graceMs how long another guardian has to take the server over
 */
export function watchForOrphan(dataDir, graceMs) {
  const watch = spawn('/bin/sh', [SCRIPT, dataDir, String(Math.ceil(graceMs / 1000))], {
    // A session of its own: a kill of our process group must not reach it.
    detached: true,
    cwd: '/',
    env: BARE_ENVIRONMENT,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.on('error', () => {});
  watch.stdin.on('error', () => {});
  process.on('exit', () => watch.kill());
}
