import { randomUUID } from 'node:crypto';
import type { ParentIssuer, VaultTokenCa } from '#engine';
import { type Backend, callApi, ONE_YEAR } from './ca-source.backends.js';

type Administrated = Pick<Backend, 'address' | 'token'>;

const TEN_YEARS = 10 * ONE_YEAR;
const EC = { key_type: 'ec', key_bits: 256 };

export async function mountPki(vault: Administrated, mount: string): Promise<void> {
  const body = { type: 'pki', config: { max_lease_ttl: `${TEN_YEARS}s` } };
  await callApi(vault, 'POST', `sys/mounts/${mount}`, body);
}

/** A root in the mount; returns its PEM. */
export async function newRootIn(vault: Administrated, mount: string, commonName: string): Promise<string> {
  const body = { ...EC, common_name: commonName, exclude_cn_from_sans: true, ttl: `${TEN_YEARS}s` };
  const { data } = await callApi(vault, 'POST', `${mount}/root/generate/internal`, body);
  await makeDefault(vault, mount, String(data.issuer_id));
  return String(data.certificate);
}

export interface SignedCa {
  readonly issuerId: string;
  readonly certificatePem: string;
}

/** A CA in the mount, signed by the default issuer of another one, and the default of its own from now on. */
export async function newSignedIn(
  vault: Administrated,
  mount: string,
  parent: string,
  commonName: string,
  more: { readonly ttlSeconds?: number; readonly max_path_length?: number } = {},
): Promise<SignedCa> {
  const { ttlSeconds = 2 * ONE_YEAR, ...constraints } = more;
  const name = { common_name: commonName, exclude_cn_from_sans: true };
  const request = { ...EC, ...name };
  const asked = await callApi(vault, 'POST', `${mount}/issuers/generate/intermediate/internal`, request);
  const signed = await callApi(vault, 'POST', `${parent}/issuer/default/sign-intermediate`, {
    ...{ csr: asked.data.csr, ...name, ttl: `${ttlSeconds}s`, ...constraints },
  });
  const certificate = String(signed.data.certificate);
  const set = await callApi(vault, 'POST', `${mount}/intermediate/set-signed`, { certificate });
  const [issuerId = ''] = Object.keys(set.data.mapping as object);
  await makeDefault(vault, mount, issuerId);
  return { issuerId, certificatePem: certificate };
}

async function makeDefault(vault: Administrated, mount: string, issuerId: string): Promise<void> {
  const config = { default: issuerId, default_follows_latest_issuer: false };
  await callApi(vault, 'POST', `${mount}/config/issuers`, config);
}

/** A role for clients of any name. */
export async function newRoleIn(vault: Administrated, mount: string, role: string, issuerRef = 'default') {
  const body = { allow_any_name: true, enforce_hostnames: false, client_flag: true, server_flag: false };
  await callApi(vault, 'POST', `${mount}/roles/${role}`, {
    ...{ ...body, ...EC, max_ttl: '720h', issuer_ref: issuerRef },
  });
}

export interface Chain {
  readonly ca: VaultTokenCa;
  readonly parent: ParentIssuer;
  readonly oldId: string;
  /** Root first, the issuing CA last. */
  readonly pems: readonly string[];
}

/** Mounts with one CA each: a root, as many intermediates as there have to be, and the issuing CA. */
export async function newChain(
  backend: Pick<Backend, 'address' | 'token' | 'restrict'>,
  levels: 2 | 3 | 4,
  over: Partial<VaultTokenCa> = {},
): Promise<Chain> {
  const id = randomUUID().slice(0, 8);
  const mounts = Array.from({ length: levels }, (_, level) => `team/level-${level}-${id}`);
  const pems: string[] = [];
  let oldId = '';
  for (const [level, mount] of mounts.entries()) {
    await mountPki(backend, mount);
    const above = mounts[level - 1];
    if (above === undefined) pems.push(await newRootIn(backend, mount, 'Root'));
    else {
      const signed = await newSignedIn(
        backend,
        mount,
        above,
        level === levels - 1 ? 'Old CA' : `Level ${level}`,
      );
      oldId = signed.issuerId;
      pems.push(signed.certificatePem);
    }
  }
  const [mount = '', above = ''] = mounts.toReversed();
  await newRoleIn(backend, mount, 'clients');
  const parent = { mount: above, issuer: 'default' };
  const { address, token } = backend;
  const ca: VaultTokenCa = {
    ...{ kind: 'vault', id: mount, address, namespace: '', mount, role: 'clients', token, serverCaPem: null },
    ...{ signedBy: parent, ...over },
  };
  return { ca: (await backend.restrict?.(ca)) ?? ca, parent, oldId, pems };
}
