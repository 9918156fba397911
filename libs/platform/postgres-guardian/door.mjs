import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** sun_path holds 108 bytes on Linux and 104 on macOS, one of them for the closing NUL. */
const PATH_LIMIT_BYTES = 103;
const RECORD = 'guardian.json';

/**
 * Where users of the database stand while they need it: one open connection each. A user that is killed leaves
 * by itself, as the kernel closes its socket.
 * @param {string} dataDir
 * @param {number} lingerMs how long the server stays after the last user left
 * @param {() => void} onEmpty
 */
export async function openDoor(dataDir, lingerMs, onEmpty) {
  const path = await freshSocketPath(dataDir);
  const users = new Set();
  let timer = setTimeout(onEmpty, Math.max(lingerMs, 5000));
  const server = createServer((user) => {
    clearTimeout(timer);
    users.add(user);
    user.on('error', () => {});
    user.on('close', () => {
      users.delete(user);
      clearTimeout(timer);
      if (users.size === 0) timer = setTimeout(onEmpty, lingerMs);
    });
    user.resume();
    user.write('in\n');
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return {
    /** Tells later users where to knock and where the server listens. */
    publish: (port) => publish(dataDir, { pid: process.pid, socket: path, port }),
    /** Keeps later users out; they start a guardian of their own. */
    async close() {
      clearTimeout(timer);
      await rm(join(dataDir, RECORD), { force: true });
      server.close();
      for (const user of users) user.destroy();
    },
  };
}

/** A name of its own for each guardian, so that one that ends late never takes away its successor's. */
async function freshSocketPath(dataDir) {
  const folder = await socketFolder(dataDir);
  for (const name of await readdir(folder)) {
    if (/^guardian-\d+\.sock$/.test(name)) await rm(join(folder, name), { force: true });
  }
  return join(folder, `guardian-${process.pid}.sock`);
}

async function socketFolder(dataDir) {
  const longest = join(dataDir, 'guardian-4194304.sock');
  if (Buffer.byteLength(longest) <= PATH_LIMIT_BYTES) return dataDir;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `windlass-${process.getuid?.() ?? 0}-${name}`);
  await mkdir(folder, { mode: 0o700 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  // Fails unless the folder is ours: somebody else's must not stand between us and our users.
  await chmod(folder, 0o700);
  return folder;
}

async function publish(dataDir, record) {
  const draft = join(dataDir, `${RECORD}.${process.pid}`);
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
  await rename(draft, join(dataDir, RECORD));
}
