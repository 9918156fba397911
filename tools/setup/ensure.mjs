#!/usr/bin/env node
// Brings a fresh machine to where `goal` can run: Debian packages, npm packages, compiled code, the test Vault, the
// test AWS, the checkers that read policy/ and deploy/, and what compares and tries OpenAPI documents.
// Plain Node without dependencies, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const stamps = path.join(root, '.windlass', 'setup');

/** Which command, C header or Python module proves that a Debian package is there, and which goals need it. */
const PACKAGES = [
  { command: 'nginx', debian: 'nginx', goals: ['demo', 'bench', 'compare', 'test', 'corpus'] },
  { command: 'sshd', debian: 'openssh-server', goals: ['demo', 'bench', 'compare', 'test'] },
  { command: 'ssh-keygen', debian: 'openssh-client', goals: ['demo', 'bench', 'compare', 'test'] },
  { command: 'openssl', debian: 'openssl', goals: ['demo', 'bench', 'compare', 'test', 'dev', 'corpus'] },
  { command: 'ip', debian: 'iproute2', goals: ['demo', 'bench', 'compare', 'test'] },
  { command: 'unshare', debian: 'util-linux', goals: ['demo', 'bench', 'compare', 'test'] },
  { command: 'visudo', debian: 'sudo', goals: ['test'] },
  { command: 'gcc', debian: 'gcc', goals: ['test', 'corpus'] },
  { command: 'make', debian: 'make', goals: ['test', 'corpus'] },
  { header: '/usr/include/openssl/ssl.h', debian: 'libssl-dev', goals: ['test', 'corpus'] },
  { header: '/usr/include/pcre2.h', debian: 'libpcre2-dev', goals: ['test', 'corpus'] },
  { command: 'cargo', debian: 'cargo', goals: ['corpus'] },
  { command: 'curl', debian: 'curl', goals: ['bench', 'compare', 'test'] },
  { command: 'ansible-playbook', debian: 'ansible-core', goals: ['compare'] },
  { command: 'redis-server', debian: 'redis-server', goals: ['test'] },
  { command: 'pg_config', debian: 'libpq-dev', goals: ['test'] },
  { command: 'pg_dump', debian: 'postgresql', goals: ['test'] },
  { command: 'busybox', debian: 'busybox', goals: ['test'] },
  { command: 'fish', debian: 'fish', goals: ['test'] },
  { command: 'tcsh', debian: 'tcsh', goals: ['test'] },
  { command: 'dropbear', debian: 'dropbear-bin', goals: ['test'] },
  { command: 'chromium', debian: 'chromium', goals: ['test'] },
  { command: 'tmux', debian: 'tmux', goals: ['test'] },
  { command: 'jq', debian: 'jq', goals: ['test'] },
  { command: 'prometheus', debian: 'prometheus', goals: ['test'] },
  { command: 'prometheus-alertmanager', debian: 'prometheus-alertmanager', goals: ['test'] },
  { command: 'prometheus-blackbox-exporter', debian: 'prometheus-blackbox-exporter', goals: ['test'] },
  { command: 'systemd-analyze', debian: 'systemd', goals: ['test'] },
  { module: 'ensurepip', debian: 'python3-venv', goals: ['test', 'compare'] },
];

export function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/** Everything that `goal` (demo, bench, compare, test, corpus or dev) needs; ends the process with a clear line when it may not. */
export async function ensure(goal) {
  const missing = PACKAGES.filter((one) => one.goals.includes(goal) && !isThere(one));
  await refuseWhatCannotWork(goal, missing);
  if (missing.length > 0) installDebian(missing.map(({ debian }) => debian));
  installNpm();
  compile();
  if (goal !== 'test') return;
  await buildVault();
  await installMoto();
  await buildPolicyTools();
  (await import('../openapi/build-oasdiff.mjs')).ensureOasdiff({ log: say });
  (await import('../schemathesis/install.mjs')).ensureSchemathesis({ log: say });
  (await import('../deploy/install.mjs')).ensureDeployTools({ log: say });
}

function isThere({ command, header, module }) {
  if (module) return spawnSync('python3', ['-c', `import ${module}`]).status === 0;
  return command ? onPath(command) : existsSync(header);
}

function onPath(command) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin:/sbin:${homedir()}/.cargo/bin`.split(
    ':',
  );
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function refuseWhatCannotWork(goal, missing) {
  const installs = (name) => missing.some(({ debian }) => debian === name);
  const faults = faultsOf(goal, {
    missing: missing.map(({ debian }) => debian),
    node: process.versions.node,
    root: process.getuid?.() === 0,
    apt: onPath('apt-get'),
    vault: goal === 'test' ? (await vaultBuild()).missingForBuild() : null,
    python:
      goal === 'test' && !installs('python3-venv') ? (await policyTools()).missingForPolicyTools() : null,
  });
  if (faults.length === 0) return;
  say(`nothing was changed; "${goal}" needs:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  process.exit(1);
}

/** What stands in the way of `goal` and cannot be installed from here; each line says exactly what to do. */
export function faultsOf(goal, { missing, node, root, apt, vault, python }) {
  const [major, minor] = node.split('.').map(Number);
  const packages = missing.join(' ');
  const faults = [
    [major < 20 || (major === 20 && minor < 20), `Node 20.20 or newer (this is ${node})`],
    [
      missing.length > 0 && !(root && apt),
      `Debian packages: ${packages}  (as root: apt-get update && apt-get install -y ${packages})`,
    ],
    [goal !== 'dev' && !root, 'root: it boots hosts in namespaces of their own (run it with sudo)'],
    [vault !== null, vault],
    [python !== null, python],
  ];
  return faults.flatMap(([stands, fault]) => (stands ? [fault] : []));
}

function run(title, command, args, env = {}) {
  say(`${title} ...`);
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (status === 0) return say(`${title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  say(`${title} failed: ${command} ${args.join(' ')}`);
  process.exit(1);
}

function installDebian(packages) {
  // RUNLEVEL=1 keeps Debian from starting the services that it installs: the hosts start their own.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  run('apt-get update', 'apt-get', ['update', '-qq'], env);
  run(
    `apt-get install ${packages.join(' ')}`,
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
    env,
  );
}

function installNpm() {
  const lock = hash(['package-lock.json', 'package.json']);
  if (existsSync(path.join(root, 'node_modules', '.bin', 'tsc')) && stamped('npm', lock)) return;
  run('npm ci', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  stamp('npm', lock);
}

function compile() {
  const sources = ['apps', 'libs', 'migrations', 'test', 'tools'].flatMap((folder) =>
    listSources(path.join(root, folder)),
  );
  const state = hashText(
    [
      ...sources.map((file) => `${file}:${statSync(file).mtimeMs}`),
      hash(['tsconfig.json', 'package-lock.json', 'apps/console/tsconfig.json']),
    ].join('\n'),
  );
  if (existsSync(path.join(root, 'dist', 'apps', 'console')) && stamped('build', state)) return;
  run('tsc', path.join('node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.json']);
  run('vite build', path.join('node_modules', '.bin', 'vite'), [
    'build',
    'apps/console',
    '--logLevel',
    'warn',
  ]);
  stamp('build', state);
}

async function buildVault() {
  await (await vaultBuild()).ensureVault({ log: say });
}

async function installMoto() {
  (await import('../moto/install.mjs')).ensureMoto({ log: say });
}

/** After Vault, whose build has left half of what Conftest is made of in Go's cache. */
async function buildPolicyTools() {
  (await policyTools()).ensurePolicyTools({ log: say });
}

/** Only where it is asked for: what the demo needs must be told without it. */
function vaultBuild() {
  return import('../vault/build.mjs');
}

function policyTools() {
  return import('../policy/build.mjs');
}

function listSources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|css|html|svg)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

function hash(files) {
  return hashText(files.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\0'));
}

function hashText(text) {
  return createHash('sha256').update(text).update(process.version).digest('hex');
}

function stamped(name, value) {
  const file = path.join(stamps, name);
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

function stamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(path.join(stamps, name), value);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const goal = process.argv[2] ?? 'dev';
  if (!['demo', 'bench', 'compare', 'test', 'corpus', 'dev'].includes(goal)) {
    say(`unknown goal "${goal}"; it is demo, bench, compare, test, corpus or dev`);
    process.exit(2);
  }
  await ensure(goal);
}
