// Installs the test AWS (moto, from PyPI) once per machine and says where it is.
//
//   node tools/moto/install.mjs      the path of its Python is the last line on stdout, progress goes to stderr
//
// It is kept outside the repository, under a key made of everything that decides its content, so a second checkout or
// a clean one finds it again. Plain Node without dependencies, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const requirements = join(here, 'requirements.txt');

/** A reason that the reader can act on; its message is complete. */
export class MotoInstallError extends Error {}

/** The Python that has moto, or null when it is not installed. */
export function cachedMotoPython() {
  const python = pythonIn(folderOf(pythonVersion()));
  return existsSync(python) ? python : null;
}

/** What stands in the way of an installation and only a person can mend, or null. */
export function missingForMoto() {
  return pythonVersion() === null
    ? 'Python 3 with venv: the tests run against an AWS in memory (moto)'
    : null;
}

/** The path of the Python that has moto, which is installed first if need be. Throws MotoInstallError. */
export function ensureMoto({ log = () => {} } = {}) {
  const cached = cachedMotoPython();
  if (cached !== null) return cached;
  const missing = missingForMoto();
  if (missing !== null) throw new MotoInstallError(missing);
  const folder = folderOf(pythonVersion());
  const partial = `${folder}.partial-${process.pid}`;
  log('installing moto once per machine, some 140 MB');
  mkdirSync(dirname(folder), { recursive: true });
  try {
    run('python3', ['-m', 'venv', partial]);
    run(pythonIn(partial), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      requirements,
    ]);
    moveInto(folder, partial);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return pythonIn(folder);
}

/** Of two that install at once the first one's is kept; they are the same. */
function moveInto(folder, partial) {
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(pythonIn(folder))) throw error;
  }
}

function pythonIn(folder) {
  return join(folder, 'bin', 'python');
}

/** XDG says that a relative XDG_CACHE_HOME is invalid and to be ignored. */
function folderOf(python) {
  const configured = process.env.XDG_CACHE_HOME ?? '';
  const cache = isAbsolute(configured) ? configured : join(homedir(), '.cache');
  const key = createHash('sha256').update(readFileSync(requirements)).update(String(python)).digest('hex');
  return join(cache, 'windlass', 'moto', key.slice(0, 12));
}

/** Null without a Python that can make virtual environments: Debian's cannot before python3-venv is there. */
function pythonVersion() {
  const script = 'import ensurepip, sys; print(sys.version)';
  const { status, stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const said = error?.message ?? `${stdout}${stderr}`.trim().slice(-4000);
  throw new MotoInstallError(`the test AWS cannot be installed: ${command} ${args.join(' ')}\n${said}`);
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
