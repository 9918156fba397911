// Builds oasdiff, which finds what breaks clients between two OpenAPI documents, from source, once per machine.
//
//   node tools/openapi/build-oasdiff.mjs      its path on stdout; progress goes to stderr
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, keep } from '../setup/machine-cache.mjs';
import { runCommand } from '../setup/run-command.mjs';

/** Reads OpenAPI 3.1 as JSON Schema 2020-12. */
const OASDIFF = '1.37.0';

/** Its path, or null where it was not built. */
export function cachedOasdiff() {
  const file = path.join(place(), 'bin', 'oasdiff');
  return existsSync(file) ? file : null;
}

/** Its path; it is built if need be. `log` receives progress, a line at a time. Throws an Error that says what failed. */
export function ensureOasdiff({ log = () => {} } = {}) {
  if (cachedOasdiff() === null) log(`oasdiff ${OASDIFF} from source, once per machine ...`);
  keep(place(), build);
  return cachedOasdiff();
}

function place() {
  return cacheFolder('openapi', `oasdiff-${OASDIFF}`);
}

/** The flags of the test Vault, whose build has left part of what this needs in Go's own cache. */
function build(folder) {
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  runCommand('go', ['install', ...flags, `github.com/oasdiff/oasdiff@v${OASDIFF}`], {
    env: { GOBIN: path.join(folder, 'bin'), CGO_ENABLED: '0', GOWORK: 'off' },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const log = (line) => process.stderr.write(`setup: ${line}\n`);
  try {
    console.log(ensureOasdiff({ log }));
  } catch (error) {
    log(error.message);
    process.exitCode = 1;
  }
}
