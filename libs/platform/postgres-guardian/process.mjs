import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** What a database process needs to know of our environment: nothing that is secret. */
export const BARE_ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' };

/** Runs one of PostgreSQL's tools to its end as `owner`; its own words are the error. */
export async function run(file, args, owner) {
  try {
    await exec(file, args, { ...identity(owner), env: BARE_ENVIRONMENT, cwd: '/' });
  } catch (error) {
    throw new Error(
      `${file} failed: ${String(error.stderr || error.message)
        .trim()
        .slice(-600)}`,
      { cause: error },
    );
  }
}

/** Spawn options that make a child run as `owner`. */
export function identity(owner) {
  return owner === null ? {} : { uid: owner.uid, gid: owner.gid };
}

/** False also for a process that ended and that nobody waits for, as in a container whose init does not reap. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return !isZombie(pid);
}

function isZombie(pid) {
  try {
    // The state follows the name, which is in parentheses and may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .startsWith('Z');
  } catch {
    return false;
  }
}

/**
 * True when `pid` is the postmaster of `data`. A pid in postmaster.pid proves nothing by itself: after a reboot
 * or in a new container it may be anybody's. The command line is readable to every user, other proofs are not.
 */
export async function isPostmaster(pid, data) {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return false;
  if (process.platform === 'linux') {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    return words[0]?.endsWith('postgres') === true && words.includes(data);
  }
  const { stdout } = await exec('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres') && stdout.includes(data);
}

/** True once `pid` is gone, false when it still lives after `milliseconds`. */
export async function waitForEnd(pid, milliseconds) {
  for (const deadline = Date.now() + milliseconds; isAlive(pid); ) {
    if (Date.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
