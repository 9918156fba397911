// Installs the test AWS (moto, from PyPI) once per machine and says where it is.
//
//   node tools/moto/install.mjs      the path of its Python is the last line on stdout, progress goes to stderr
//
// Plain Node without dependencies, because it runs before anything is installed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, keep } from '../setup/machine-cache.mjs';
import { makeVenv, pythonIn, pythonVersion } from '../setup/python-venv.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const requirements = join(here, 'requirements.txt');

/** A reason that the reader can act on; its message is complete. */
export class MotoInstallError extends Error {}

/** The Python that has moto, or null when it is not installed. */
export function cachedMotoPython() {
  const python = pythonIn(place());
  return existsSync(python) ? python : null;
}

/** What stands in the way of an installation and only a person can mend, or null. */
export function missingForMoto() {
  return pythonVersion() === '' ? 'Python 3 with venv: the tests run against an AWS in memory (moto)' : null;
}

/** The path of the Python that has moto, which is installed first if need be. Throws MotoInstallError. */
export function ensureMoto({ log = () => {} } = {}) {
  const cached = cachedMotoPython();
  if (cached !== null) return cached;
  const missing = missingForMoto();
  if (missing !== null) throw new MotoInstallError(missing);
  log('installing moto once per machine, some 140 MB');
  try {
    keep(place(), (folder) => makeVenv(folder, '-r', requirements));
  } catch (error) {
    throw new MotoInstallError(`the test AWS cannot be installed: ${error.message}`);
  }
  return pythonIn(place());
}

/** Under a key made of everything that decides its content. */
function place() {
  const key = createHash('sha256').update(readFileSync(requirements)).update(pythonVersion()).digest('hex');
  return cacheFolder('moto', key.slice(0, 12));
}

function main() {
  try {
    console.log(ensureMoto({ log: (line) => console.error(line) }));
  } catch (error) {
    console.error(error instanceof MotoInstallError ? error.message : error);
    process.exitCode = 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
