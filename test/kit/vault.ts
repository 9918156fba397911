import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Secret } from '#engine';
import { announced, stopped } from './announced-process.js';
import { repositoryRoot } from './repository-root.js';

/** A real Vault in memory, unsealed, for one test file. */
export interface TestVault {
  /** Such as `http://127.0.0.1:40123`. */
  readonly address: string;
  /** Root token. */
  readonly token: Secret;
  readonly unsealKey: string;
  /** Such as `1.21.1`. */
  readonly version: string;
  seal(): Promise<void>;
  unseal(): Promise<void>;
  /** Ends the process; everything in it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the Vault that `tools/vault` builds, on a free port of loopback, in some 0.3 s. It dies with this process,
 * however that ends. Rejects when it was not built: a test without it must fail and never be skipped.
 */
export async function startVault(): Promise<TestVault> {
  const token = new Secret(`test-root-${randomUUID()}`);
  const child = spawn(await vaultBinaryPath(), ['-listen', '127.0.0.1:0', '-exit-with-stdin'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, WINDLASS_VAULT_ROOT_TOKEN: token.reveal() },
  });
  const ready = await announced<Pick<TestVault, 'address' | 'version' | 'unsealKey'>>(
    child,
    'the test Vault',
  );
  const put = (path: string, body: object) => putJson(`${ready.address}/v1/${path}`, token, body);
  return {
    ...ready,
    token,
    seal: () => put('sys/seal', {}),
    unseal: () => put('sys/unseal', { key: ready.unsealKey }),
    stop: () => stopped(child),
  };
}

/** Rejects when it was not built. */
export async function vaultBinaryPath(): Promise<string> {
  // Imported by address, because tools/vault is plain JavaScript that tsc does not copy to dist.
  const script = pathToFileURL(join(repositoryRoot(), 'tools', 'vault', 'build.mjs')).href;
  const { cachedVaultPath }: typeof import('../../tools/vault/build.mjs') = await import(script);
  const path = cachedVaultPath();
  if (path === null) {
    throw new Error(
      'the test Vault is not built: run "node tools/vault/build.mjs" (needs Go, 4 to 8 minutes, once)',
    );
  }
  return path;
}

async function putJson(url: string, token: Secret, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'X-Vault-Token': token.reveal() },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`PUT ${url} answered ${response.status}: ${await response.text()}`);
}
