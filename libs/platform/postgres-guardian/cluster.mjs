import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { exists, locateBinaries } from './binaries.mjs';
import { chooseOwner, traversableBy } from './owner.mjs';
import { run } from './process.mjs';

/** Where a cluster lives when PostgreSQL's user cannot enter the data folder (one under /root, say). */
const OUTSIDE = '/var/lib/windlass';
const UNFINISHED = 'initializing-';

/**
 * A PostgreSQL cluster on disk.
 * @typedef {object} Cluster
 * @property {string} data PGDATA
 * @property {string} password of the role `windlass`
 * @property {string} binaries folder with bin/ and lib/
 * @property {import('./owner.mjs').Owner | null} owner
 * @property {boolean} created by this call
 */

/**
 * Finds or creates the cluster of a data folder. Several may try at once: the rename into place picks one.
 * @param {string} dataDir
 * @returns {Promise<Cluster>}
 */
export async function prepareCluster(dataDir) {
  const home = join(dataDir, 'cluster');
  const known = await exists(join(home, 'data', 'PG_VERSION'));
  const owner = await chooseOwner(known ? join(home, 'data') : null);
  const binaries = await locateBinaries(owner);
  if (!known) await createCluster(dataDir, binaries, owner);
  const password = await readFile(join(home, 'password'), 'utf8');
  return { data: join(await realpath(home), 'data'), password, binaries, owner, created: !known };
}

/** A cluster becomes visible in one step, whole and with its password, or not at all. */
async function createCluster(dataDir, binaries, owner) {
  const home = join(dataDir, 'cluster');
  if (owner !== null) await chmod(dataDir, 0o711);
  const inside = owner === null || (await traversableBy(dataDir, owner));
  const base = inside ? dataDir : OUTSIDE;
  await mkdir(base, { recursive: true, mode: 0o711 });
  const unfinished = join(base, `${UNFINISHED}${process.pid}`);
  await rm(unfinished, { recursive: true, force: true });
  await initialize(unfinished, binaries, owner);
  const elsewhere = join(OUTSIDE, `postgres-${randomBytes(6).toString('hex')}`);
  try {
    if (inside) return await rename(unfinished, home);
    await rename(unfinished, elsewhere);
    await symlink(elsewhere, home);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!inside) await rm(elsewhere, { recursive: true, force: true });
    if (!(await exists(join(home, 'data', 'PG_VERSION')))) throw error;
  }
}

async function initialize(folder, binaries, owner) {
  const data = join(folder, 'data');
  const password = randomBytes(24).toString('base64url');
  const passwordFile = join(folder, 'password');
  await mkdir(data, { recursive: true, mode: 0o711 });
  await chmod(data, 0o700);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner !== null) for (const path of [data, passwordFile]) await chown(path, owner.uid, owner.gid);
  await run(join(binaries, 'bin', 'initdb'), initdbArguments(data, passwordFile), owner);
  if (owner !== null) await chown(passwordFile, 0, 0);
}

/** Not flushed here, which takes seconds; {@link flushCluster} does it once the server is up. */
function initdbArguments(data, passwordFile) {
  const fixed = ['--username=windlass', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  return [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...fixed, '--no-instructions'];
}

/** Flushes a new cluster to disk, so that a power cut soon after the first start loses nothing. */
export async function flushCluster({ data, binaries, owner }) {
  await run(join(binaries, 'bin', 'initdb'), [`--pgdata=${data}`, '--sync-only'], owner);
}

/** Removes what initialisations left that were killed. */
export async function sweepUnfinished(dataDir, isAlive) {
  for (const base of [dataDir, OUTSIDE]) {
    const names = await readdir(base).catch(() => []);
    const stale = names.filter(
      (name) => name.startsWith(UNFINISHED) && !isAlive(Number(name.slice(UNFINISHED.length))),
    );
    for (const name of stale) await rm(join(base, name), { recursive: true, force: true });
  }
}
