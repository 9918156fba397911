import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Whom PostgreSQL runs as when we are root, which it refuses to be.
 * @typedef {{ name: string, uid: number, gid: number }} Owner
 */

const UNPRIVILEGED = ['postgres', 'nobody'];

/**
 * Null when we are not root: then PostgreSQL runs as ourselves. Data that exists keeps its owner.
 * @param {string | null} existingData
 * @returns {Promise<Owner | null>}
 */
export async function chooseOwner(existingData) {
  if (process.getuid?.() !== 0) return null;
  if (existingData !== null) {
    const { uid, gid } = await stat(existingData);
    if (uid !== 0) return { name: `uid ${uid}`, uid, gid };
  }
  const accounts = await readAccounts();
  for (const name of UNPRIVILEGED) {
    const account = accounts.get(name);
    if (account !== undefined) return account;
  }
  throw new Error(
    `PostgreSQL does not run as root, and there is none of the users ${UNPRIVILEGED.join(', ')} to run it as`,
  );
}

/** PostgreSQL looks its own user up by uid, so only accounts in /etc/passwd will do. */
async function readAccounts() {
  const text = await readFile('/etc/passwd', 'utf8');
  const rows = text.split('\n').map((line) => line.split(':'));
  return new Map(rows.map(([name, , uid, gid]) => [name, { name, uid: Number(uid), gid: Number(gid) }]));
}

/**
 * True when `owner` may enter `path` and every folder above it, by their mode bits.
 * @param {string} path
 * @param {Owner} owner
 */
export async function traversableBy(path, owner) {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
