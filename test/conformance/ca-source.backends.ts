import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { bootstrapPki, startPkiSandbox, vaultPolicy } from '#ca-source';
import { Secret, type VaultTokenCa } from '#engine';
import { projectPath } from '#platform';
import { startVault } from '../kit/vault.js';

/** What the suite needs of a running PKI, real or not. */
export interface Backend {
  readonly address: string;
  readonly token: Secret;
  /** What `survey` must call it. */
  readonly product: string;
  /** The CA as Windlass is let to it; with the rights of an administrator when left out. */
  readonly restrict?: (ca: VaultTokenCa) => Promise<VaultTokenCa>;
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
  {
    name: 'Vault, with no right beyond those of the policy that we ship,',
    async start() {
      const vault = await startVault();
      const restrict = async (ca: VaultTokenCa) => limitedTo(vault, ca, await shippedPolicy(ca, ROLES));
      return { ...vault, product: `Vault ${vault.version}`, restrict };
    },
  },
];

/** Every role that the suite issues through; one of them is never created. */
const ROLES = ['clients', 'robots', 'nobody'];

export const TEN_MINUTES = 600;
export const ONE_YEAR = 31_536_000;

/** An issuing CA of its own: a fresh mount with a first root and the role `clients`. */
export async function newIssuingCa(
  backend: Pick<Backend, 'address' | 'token' | 'restrict'>,
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
  return { ca: (await backend.restrict?.(ca)) ?? ca, oldId: issuerId };
}

/** What `windlass ca policy` prints. */
export async function shippedPolicy(
  { mount, role, signedBy, pinnedRoles }: VaultTokenCa,
  roles = [role],
): Promise<string> {
  const template = await readFile(projectPath('policy/vault/windlass.hcl'), 'utf8');
  return vaultPolicy(template, mount, roles, { signedBy, movesRoles: pinnedRoles === 'move' });
}

/** The same CA through a token that has the policy and nothing else, not even `default`. */
export async function limitedTo(
  vault: Pick<Backend, 'address' | 'token'>,
  ca: VaultTokenCa,
  policy: string,
  ttl = '1h',
): Promise<VaultTokenCa> {
  const name = `windlass-${randomUUID()}`;
  await callApi(vault, 'PUT', `sys/policies/acl/${name}`, { policy });
  const body = { policies: [name], no_default_policy: true, ttl };
  const created = await callApi(vault, 'POST', 'auth/token/create', body);
  return { ...ca, token: new Secret(created.auth?.client_token ?? '') };
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
