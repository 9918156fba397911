import { afterAll, beforeAll } from 'vitest';
import { Secret } from '#engine';
import { startVault, type TestVault } from '../../kit/vault.js';
import { callApi } from '../ca-source.backends.js';
import { type Situation, tryEntries } from './page.js';

const LEAF = { common_name: 'pos.test', ttl: '10m' };
const WELL = 'BEGIN CERTIFICATE';

let vault: TestVault;
let oldIssuer = '';
let newIssuer = '';

beforeAll(async () => {
  vault = await startVault();
  await callApi(vault, 'POST', 'sys/mounts/pki', { type: 'pki' });
  oldIssuer = await newRoot('old');
  newIssuer = await newRoot('new');
  await callApi(vault, 'POST', 'pki/roles/web', { allow_any_name: true });
});

afterAll(() => vault?.stop());

async function newRoot(name: string): Promise<string> {
  const body = { common_name: name, issuer_name: name };
  const { data } = await callApi(vault, 'POST', 'pki/root/generate/internal', body);
  return String(data.issuer_id);
}

/** What Vault answers to whoever wants a certificate, with the status before it. */
async function issued(path = 'pki/issue/web', token: Secret = vault.token): Promise<string> {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method: 'POST',
    headers: { 'X-Vault-Token': token.reveal() },
    body: JSON.stringify(LEAF),
  });
  return `${response.status}: ${await response.text()}`;
}

const situation = (said: () => Promise<string>, mended: () => Promise<string>): Situation => ({
  ...{ said, mended, well: WELL },
});

async function setDefault(issuer: string): Promise<void> {
  await callApi(vault, 'POST', 'pki/config/issuers', { default: issuer });
}

const noDefault = situation(
  async () => {
    await setDefault(oldIssuer);
    await callApi(vault, 'DELETE', `pki/issuer/${oldIssuer}`);
    return issued();
  },
  async () => {
    await setDefault(newIssuer);
    return issued();
  },
);

const mayNotIssue = situation(
  async () => {
    const old = await newRoot('before');
    await patchIssuer(old, 'read-only,crl-signing');
    await setDefault(newIssuer);
    return issued('pki/issuer/before/issue/web');
  },
  () => issued(),
);

async function patchIssuer(issuer: string, usage: string): Promise<void> {
  await fetch(`${vault.address}/v1/pki/issuer/${issuer}`, {
    method: 'PATCH',
    headers: { 'X-Vault-Token': vault.token.reveal(), 'Content-Type': 'application/merge-patch+json' },
    body: JSON.stringify({ usage }),
  });
}

let visitor: Secret;
const noRight = situation(
  async () => {
    await callApi(vault, 'PUT', 'sys/policies/acl/visitor', { policy: 'path "pki/cert/*" {}' });
    const made = await callApi(vault, 'POST', 'auth/token/create', { policies: ['visitor'] });
    visitor = new Secret(made.auth?.client_token ?? '');
    return issued('pki/issue/web', visitor);
  },
  async () => {
    const policy = 'path "pki/issue/web" { capabilities = ["update"] }';
    await callApi(vault, 'PUT', 'sys/policies/acl/visitor', { policy });
    return issued('pki/issue/web', visitor);
  },
);

tryEntries('test/conformance/faq/vault.test.ts', {
  'no default issuer currently configured': [noDefault],
  'unable to find PKI issuer for reference': [
    situation(
      () => issued('pki/issuer/edge-2025/issue/web'),
      () => issued('pki/issuer/new/issue/web'),
    ),
  ],
  'requested usage issuing-certificates for issuer ... but only had usage': [mayNotIssue],
  'unknown role': [
    situation(
      () => issued('pki/issue/webb'),
      () => issued(),
    ),
  ],
  '403: ...permission denied': [noRight],
  'invalid token': [
    situation(
      () => issued('pki/issue/web', new Secret('hvs.ended')),
      () => issued(),
    ),
  ],
  'no handler for route': [
    situation(
      () => issued('pki-edge/issue/web'),
      () => issued(),
    ),
  ],
  'Vault is sealed': [
    situation(
      async () => {
        await vault.seal();
        return issued();
      },
      async () => {
        await vault.unseal();
        return issued();
      },
    ),
  ],
});
