import { randomUUID } from 'node:crypto';
import { bootstrapPki, startPkiSandbox } from '#ca-source';
import { Secret, type VaultTokenCa } from '#engine';
import { startVault } from '../kit/vault.js';

/** What the suite needs of a running PKI, real or not. */
export interface Backend {
  readonly address: string;
  readonly token: Secret;
  /** What `survey` must call it. */
  readonly product: string;
  seal(): Promise<void>;
  unseal(): Promise<void>;
  stop(): Promise<void>;
}

export interface BackendKind {
  readonly name: string;
  start(): Promise<Backend>;
}

export const BACKENDS: readonly BackendKind[] = [
  {
    name: 'Windlass PKI sandbox',
    async start() {
      const token = new Secret(`sandbox-root-${randomUUID()}`);
      const sandbox = await startPkiSandbox({ token });
      const { address, unsealKey } = sandbox;
      return {
        address,
        token,
        product: 'Windlass PKI sandbox 0.1.0 (not Vault)',
        seal: async () => void (await callApi({ address, token }, 'PUT', 'sys/seal')),
        unseal: async () => void (await callApi({ address, token }, 'PUT', 'sys/unseal', { key: unsealKey })),
        stop: () => sandbox.close(),
      };
    },
  },
  {
    name: 'Vault',
    async start() {
      const vault = await startVault();
      return { ...vault, product: `Vault ${vault.version}` };
    },
  },
];

export const TEN_MINUTES = 600;
export const ONE_YEAR = 31_536_000;

/** An issuing CA of its own: a fresh mount with a first root and the role `clients`. */
export async function newIssuingCa(
  backend: Pick<Backend, 'address' | 'token'>,
): Promise<{ ca: VaultTokenCa; oldId: string }> {
  const mount = `team/pki-${randomUUID().slice(0, 8)}`;
  const { issuerId } = await bootstrapPki(backend.address, backend.token, {
    mount,
    role: 'clients',
    commonName: 'Old CA',
    ttlSeconds: ONE_YEAR,
  });
  const { address, token } = backend;
  const ca: VaultTokenCa = {
    kind: 'vault',
    id: mount,
    address,
    namespace: '',
    mount,
    role: 'clients',
    token,
    serverCaPem: null,
  };
  return { ca, oldId: issuerId };
}

/** A request as somebody else would make it, past the code under test. Throws for a status over 299. */
export async function callApi(
  backend: Pick<Backend, 'address' | 'token'>,
  method: string,
  path: string,
  body?: object,
): Promise<{ data: Record<string, unknown>; auth?: { client_token: string } | null }> {
  const response = await fetch(`${backend.address}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': backend.token.reveal(), 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? { data: {} } : JSON.parse(text);
}
