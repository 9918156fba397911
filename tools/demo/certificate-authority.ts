import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootstrapPki, startPkiSandbox, VaultCaSource } from '#ca-source';
import { type IssuedLeaf, PortError, Secret, type VaultTokenCa } from '#engine';
import { freePort } from './free-port.js';

const START_MS = 20_000;
const MOUNT_LIFETIME_SECONDS = 30 * 86_400;

/** The CA that the demo's clients get their certificates from. */
export interface DemoCa {
  /** Product and version; the sandbox says that it is not Vault. */
  readonly product: string;
  readonly issuingCa: VaultTokenCa;
  /** The root that the fleet trusts at first. */
  readonly rootPem: string;
  /** A client certificate from whatever issuer is the default now, living an hour. */
  issue(commonName: string): Promise<IssuedLeaf>;
  stop(): Promise<void>;
}

interface Server {
  readonly address: string;
  readonly token: Secret;
  stop(): Promise<void>;
}

/** The user's Vault (VAULT_ADDR), else a dev server of `vault` or `bao` on PATH, else our sandbox. */
export async function startCa(env: NodeJS.ProcessEnv): Promise<DemoCa> {
  const server = await findServer(env);
  const mount = `windlass-demo-${randomBytes(4).toString('hex')}`;
  const blueprint = {
    mount,
    role: 'clients',
    commonName: 'Demo client CA',
    ttlSeconds: MOUNT_LIFETIME_SECONDS,
  };
  const { address, token } = server;
  const root = await bootstrapPki(address, token, blueprint);
  const source = new VaultCaSource();
  const place = { address, namespace: '', mount, role: 'clients', serverCaPem: null };
  const issuingCa: VaultTokenCa = { kind: 'vault', id: mount, token, ...place };
  const { product } = await source.survey(issuingCa);
  return {
    product,
    issuingCa,
    rootPem: root.certificatePem,
    issue: (commonName) => source.issueLeaf(issuingCa, { issuerId: null, commonName, ttlSeconds: 3600 }),
    stop: () => server.stop(),
  };
}

async function findServer(env: NodeJS.ProcessEnv): Promise<Server> {
  if (env.VAULT_ADDR) return ownVault(env.VAULT_ADDR, env.VAULT_TOKEN);
  const program = ['vault', 'bao'].find((name) => isOnPath(name, env.PATH ?? ''));
  if (program) return devServer(program, env);
  const token = new Secret(randomBytes(16).toString('hex'));
  const sandbox = await startPkiSandbox({ token });
  return { address: sandbox.address, token, stop: () => sandbox.close() };
}

/** The demo's mount stays there: it is the user's server, and its name says where it came from. */
function ownVault(address: string, token: string | undefined): Server {
  if (!token) {
    throw new PortError({
      code: 'demo.no-vault-token',
      message: `VAULT_ADDR is ${address}, but VAULT_TOKEN is not set.`,
      nextStep: 'Set VAULT_TOKEN to a token that may mount a PKI, or unset VAULT_ADDR to use the sandbox.',
    });
  }
  return { address: address.replace(/\/+$/, ''), token: new Secret(token), stop: async () => undefined };
}

async function devServer(program: string, env: NodeJS.ProcessEnv): Promise<Server> {
  const token = new Secret(randomBytes(16).toString('hex'));
  const port = await freePort(8200);
  const address = `http://127.0.0.1:${port}`;
  const listen = ['server', '-dev', '-dev-no-store-token', `-dev-listen-address=127.0.0.1:${port}`];
  // pdeathsig: a demo that is killed leaves no server behind.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', program, ...listen], {
    stdio: 'ignore',
    // The token goes by the environment: arguments are there for everybody to read.
    env: {
      PATH: env.PATH,
      HOME: env.HOME,
      VAULT_DEV_ROOT_TOKEN_ID: token.reveal(),
      BAO_DEV_ROOT_TOKEN_ID: token.reveal(),
    },
  });
  const stop = () => end(child);
  try {
    await healthy(address, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, token, stop };
}

async function healthy(address: string, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline && child.exitCode === null; ) {
    const reply = await fetch(`${address}/v1/sys/health`).catch(() => null);
    if (reply?.ok) return;
    await sleep(50);
  }
  throw new PortError({
    code: 'demo.vault-not-started',
    message: `The dev server at ${address} did not become ready.`,
    nextStep: 'Start one yourself and set VAULT_ADDR and VAULT_TOKEN.',
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

function isOnPath(program: string, path: string): boolean {
  return path.split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
