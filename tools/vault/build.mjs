// Builds the test Vault (see README.md) once per machine and says where it is.
//
//   node tools/vault/build.mjs      the path is the last line on stdout, progress goes to stderr
//
// The binary is kept outside the repository, under a key made of everything that decides its content, so a second
// checkout or a clean one finds it again and a changed source never meets a stale binary.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../setup/machine-cache.mjs';
import { tryLock } from './build-lock.mjs';

const VAULT_VERSION = '1.21.1';
const BINARY = 'windlass-test-vault';
const PARTIAL = `${BINARY}.partial-`;
const MINIMUM_GO = [1, 26];
const PROGRESS_EVERY_MS = 15_000;
const LOCK_POLL_MS = 500;

const here = dirname(fileURLToPath(import.meta.url));
/** A go.work in a folder above would otherwise take over, and this module is not part of it. */
const goEnvironment = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };

/** A reason the binary cannot be had that the reader can act on; its message is one line and complete. */
export class VaultBuildError extends Error {}

/**
 * The path of the binary for the sources as they are now, or null when it has not been built, or when Go is missing
 * or too old (the key contains Go's version). Takes some 20 ms and never builds.
 */
export function cachedVaultPath() {
  try {
    const path = binaryPath();
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return null;
  }
}

/** What stands in the way of a build and only a person can mend, or null. Says what to install. */
export function missingForBuild() {
  try {
    goVersion();
    return null;
  } catch (error) {
    if (error instanceof VaultBuildError) return error.message;
    throw error;
  }
}

/**
 * The path of the binary, built first if need be: minutes on a cold machine, seconds with a warm Go cache. Of several
 * callers at once one builds and the others wait. `log` receives progress, a line at a time. Rejects with a
 * VaultBuildError when Go is missing or too old, or when the build fails.
 */
export async function ensureVault({ log = () => {} } = {}) {
  const path = binaryPath();
  mkdirSync(dirname(path), { recursive: true });
  const lock = await lockUnlessBuilt(path, log);
  if (lock) {
    try {
      await build(path, log);
    } finally {
      lock.release();
    }
  }
  return path;
}

/** Where the binary of the present sources belongs. Throws VaultBuildError when Go is missing or too old. */
function binaryPath() {
  return join(cacheFolder('vault', cacheKey(goVersion())), BINARY);
}

function cacheKey(goVersionLine) {
  const hash = createHash('sha256');
  for (const name of ['main.go', 'go.mod', 'go.sum']) {
    // The separator keeps text from counting the same after it moved from one file into the next.
    hash.update(readFileSync(join(here, name))).update('\0');
  }
  return `${VAULT_VERSION}-${hash.update(goVersionLine).digest('hex').slice(0, 12)}`;
}

/** What `go version` prints, checked to be new enough. Throws VaultBuildError otherwise. */
function goVersion() {
  const wanted = `Go ${MINIMUM_GO.join('.')} or newer`;
  const why = `the tests run against a real Vault ${VAULT_VERSION}, which is built from source`;
  let line;
  try {
    // In this folder, because go.mod may select another toolchain than the one installed.
    line = execFileSync('go', ['version'], {
      cwd: here,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  } catch (error) {
    const found =
      error.code === 'ENOENT' ? 'there is no "go" on the PATH' : firstLine(error.stderr || error.message);
    throw new VaultBuildError(`install ${wanted}: ${why} (${found})`);
  }
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(line) ?? [];
  // Only a release number can be compared; a development build ("devel ...") is taken to be new enough.
  const older =
    Number(major) < MINIMUM_GO[0] || (Number(major) === MINIMUM_GO[0] && Number(minor) < MINIMUM_GO[1]);
  if (older) throw new VaultBuildError(`install ${wanted}: ${why} (found: ${line})`);
  return line;
}

/** Takes the build lock for `path`, or answers null as soon as the binary is there, built by us before or by another. */
async function lockUnlessBuilt(path, log) {
  const lockPath = join(dirname(path), 'build.lock');
  const stopwatch = startStopwatch();
  for (let announced = Number.NEGATIVE_INFINITY; ; await sleep(LOCK_POLL_MS)) {
    if (cachedVaultPath() === path) return null;
    const lock = tryLock(lockPath);
    // Asked again, because the previous owner may have finished between the question above and the lock.
    if (lock && cachedVaultPath() === path) {
      lock.release();
      return null;
    }
    if (lock) return lock;
    if (stopwatch.elapsedMs() - announced >= PROGRESS_EVERY_MS) {
      announced = stopwatch.elapsedMs();
      log(`another process builds Vault ${VAULT_VERSION}, waiting (${stopwatch})`);
    }
  }
}

/** Builds into a file beside `path` and renames it there, so that `path` is absent or whole at any time. */
async function build(path, log) {
  removePartials(dirname(path));
  const partial = join(dirname(path), `${PARTIAL}${process.pid}`);
  const stopwatch = startStopwatch();
  log(`building Vault ${VAULT_VERSION} once per machine, 4 to 8 minutes and 0.5 GB when nothing is cached`);
  const progress = setInterval(
    () => log(`still building Vault ${VAULT_VERSION} (${stopwatch})`),
    PROGRESS_EVERY_MS,
  );
  try {
    await goBuild(partial);
    syncToDisk(partial);
    renameSync(partial, path);
  } finally {
    clearInterval(progress);
    rmSync(partial, { force: true });
  }
  log(`built Vault ${VAULT_VERSION} (${stopwatch})`);
}

/** What killed builds left behind. Only the owner of the lock may call this. */
function removePartials(folder) {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(PARTIAL)) rmSync(join(folder, name), { force: true });
  }
}

/** Runs `go build`; rejects with VaultBuildError that ends with Go's own last words. */
function goBuild(output) {
  // readonly: go.mod and go.sum are complete and committed, and a build must not edit them.
  const args = [
    'build',
    '-mod=readonly',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags=-s -w',
    '-o',
    output,
    '.',
  ];
  const child = spawn('go', args, {
    cwd: here,
    env: goEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = () => child.kill();
  process.once('exit', stop);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.removeListener('exit', stop);
      if (code === 0) return resolve();
      const outcome = signal ? `was ended by ${signal}` : `failed with code ${code}`;
      reject(new VaultBuildError(`"go build" of the test Vault ${outcome}:\n${said.trimEnd()}`));
    });
  });
}

/** Without it a power cut after the rename could leave a whole-looking, empty binary in the cache. */
function syncToDisk(path) {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Measures from now on; as text it reads like "75 s". */
function startStopwatch() {
  const start = performance.now();
  const elapsedMs = () => performance.now() - start;
  return { elapsedMs, toString: () => `${Math.round(elapsedMs() / 1000)} s` };
}

function firstLine(text) {
  return String(text).trim().split('\n', 1)[0];
}

async function main() {
  // Through exit(), so that the exit listeners end the compiler and give the lock back.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  try {
    console.log(await ensureVault({ log: (line) => console.error(line) }));
  } catch (error) {
    console.error(error instanceof VaultBuildError ? error.message : error);
    process.exitCode = 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
