// Installs schemathesis, which asks the API for everything that its OpenAPI document promises, once per machine.
//
//   node tools/schemathesis/install.mjs      the path of its Python on stdout, progress goes to stderr
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, keep } from '../setup/machine-cache.mjs';
import { makeVenv, pythonIn, pythonVersion } from '../setup/python-venv.mjs';

const requirements = path.join(path.dirname(fileURLToPath(import.meta.url)), 'requirements.txt');

/** The Python that has it, or null when it is not installed. */
export function cachedSchemathesis() {
  const python = pythonIn(place());
  return existsSync(python) ? python : null;
}

/** The Python that has it, which is installed first if need be. Throws an Error that says what failed. */
export function ensureSchemathesis({ log = () => {} } = {}) {
  if (cachedSchemathesis() === null) log('installing schemathesis once per machine, some 90 MB');
  keep(place(), (folder) => makeVenv(folder, '-r', requirements));
  return pythonIn(place());
}

/** Under a key made of everything that decides its content. */
function place() {
  const key = createHash('sha256').update(readFileSync(requirements)).update(pythonVersion()).digest('hex');
  return cacheFolder('schemathesis', key.slice(0, 12));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const log = (line) => process.stderr.write(`setup: ${line}\n`);
  try {
    console.log(ensureSchemathesis({ log }));
  } catch (error) {
    log(error.message);
    process.exitCode = 1;
  }
}
