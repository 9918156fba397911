// Brings the real Conftest (with OPA in it) and the real Checkov to this machine, once, for the tests of policy/.
//
//   node tools/policy/build.mjs      their paths, one a line, on stdout; progress goes to stderr
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, keep } from '../setup/machine-cache.mjs';
import { makeVenv, pythonIn, pythonVersion } from '../setup/python-venv.mjs';
import { runCommand } from '../setup/run-command.mjs';

const CONFTEST = '0.71.0';
const CONSTRAINTS = path.join(path.dirname(fileURLToPath(import.meta.url)), 'checkov-constraints.txt');
const CHECKOV = /^checkov==(\S+)$/m.exec(readFileSync(CONSTRAINTS, 'utf8'))?.[1];

/** What stands in the way and only a person can mend, or null: it says what to install. Go is asked for by the test Vault. */
export function missingForPolicyTools() {
  const [major, minor] = pythonVersion().split('.').map(Number);
  if (major === 3 && minor >= 11) return null;
  return 'Python 3.11 or newer with its venv (Debian: python3-venv): the tests run a real Checkov';
}

/** The paths of both, or null for one that is not there. Never builds. */
export function cachedPolicyTools() {
  const [conftest, checkov] = places();
  const found = (file) => (existsSync(file) ? file : null);
  return { conftest: found(path.join(conftest, 'bin', 'conftest')), python: found(pythonIn(checkov)) };
}

/** Builds what is missing. `log` receives progress, a line at a time. Throws an Error that says which step failed. */
export function ensurePolicyTools({ log = () => {} } = {}) {
  const [conftest, checkov] = places();
  once(conftest, log, `Conftest ${CONFTEST} from source`, buildConftest);
  once(checkov, log, `Checkov ${CHECKOV}`, installCheckov);
  return cachedPolicyTools();
}

/** Each under a key made of everything that decides its content. */
function places() {
  const key = createHash('sha256').update(readFileSync(CONSTRAINTS)).update(pythonVersion()).digest('hex');
  return [
    cacheFolder('policy', `conftest-${CONFTEST}`),
    cacheFolder('policy', `checkov-${CHECKOV}-${key.slice(0, 12)}`),
  ];
}

function once(folder, log, title, fill) {
  if (existsSync(folder)) return;
  const started = performance.now();
  log(`${title}, once per machine ...`);
  keep(folder, fill);
  log(`${title}: done in ${Math.round((performance.now() - started) / 1000)} s`);
}

/** The flags of the test Vault, whose build has left half of what this needs in Go's own cache. */
function buildConftest(folder) {
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  runCommand('go', ['install', ...flags, `github.com/open-policy-agent/conftest@v${CONFTEST}`], {
    env: { GOBIN: path.join(folder, 'bin'), CGO_ENABLED: '0', GOWORK: 'off' },
  });
}

function installCheckov(folder) {
  makeVenv(folder, '--constraint', CONSTRAINTS, 'checkov');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const log = (line) => process.stderr.write(`setup: ${line}\n`);
  try {
    const { conftest, python } = ensurePolicyTools({ log });
    console.log(`${conftest}\n${python}`);
  } catch (error) {
    log(error.message);
    process.exitCode = 1;
  }
}
