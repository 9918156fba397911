// So that of several who want the same binary one builds, and the others wait.
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

const HEARTBEAT_EVERY_MS = 5_000;
/** A lock whose owner has not touched it for this long is taken over, whoever the owner was. */
const LOCK_STALE_MS = 60_000;

/**
 * Creates the lock file or answers null when a live owner has it. The lock only saves work: were two owners to slip
 * in after a takeover, both would build, and each rename would put the same binary in place.
 */
export function tryLock(lockPath) {
  if (isStale(lockPath)) rmSync(lockPath, { force: true });
  try {
    writeFileSync(lockPath, `${hostname()} ${process.pid}`, { flag: 'wx' });
  } catch (error) {
    if (error.code === 'EEXIST') return null;
    throw error;
  }
  const heartbeat = setInterval(() => touch(lockPath), HEARTBEAT_EVERY_MS);
  heartbeat.unref();
  const remove = () => rmSync(lockPath, { force: true });
  process.once('exit', remove);
  return {
    release() {
      clearInterval(heartbeat);
      process.removeListener('exit', remove);
      remove();
    },
  };
}

/**
 * Whether the lock's owner is gone: its process does not exist (known on the same host only, a home folder can be
 * shared) or it has stopped touching the file.
 */
function isStale(lockPath) {
  try {
    const [host, pid] = readFileSync(lockPath, 'utf8').split(' ');
    if (host === hostname() && pid && !isAlive(Number(pid))) return true;
    return Date.now() - statSync(lockPath).mtimeMs > LOCK_STALE_MS;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return error.code === 'EPERM';
  }
}

function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Somebody removed the lock: the build is still right, see tryLock.
  }
}
