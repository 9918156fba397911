// Installs the Python tools that `npm run bench` compares us with, once per machine.
//
//   node tools/bench-peers/install.mjs      the path of their Python on stdout, progress goes to stderr
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, keep } from '../setup/machine-cache.mjs';
import { makeVenv, pythonIn, pythonVersion } from '../setup/python-venv.mjs';

const requirements = path.join(path.dirname(fileURLToPath(import.meta.url)), 'requirements.txt');

/** The Python that has them, which are installed first if need be. Throws an Error that says what failed. */
export function ensureBenchPeers({ log = () => {} } = {}) {
  if (!existsSync(pythonIn(place())))
    log('installing asyncssh, pyinfra, crossplane and gixy-ng once per machine');
  keep(place(), (folder) => makeVenv(folder, '-r', requirements));
  return pythonIn(place());
}

/** Under a key made of everything that decides its content. */
function place() {
  const key = createHash('sha256').update(readFileSync(requirements)).update(pythonVersion()).digest('hex');
  return cacheFolder('bench-peers', key.slice(0, 12));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const log = (line) => process.stderr.write(`setup: ${line}\n`);
  try {
    console.log(ensureBenchPeers({ log }));
  } catch (error) {
    log(error.message);
    process.exitCode = 1;
  }
}
