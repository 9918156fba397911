import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { vaultPolicy } from '#ca-source';
import { projectPath } from '#platform';
import type { ServedFleet } from '../e2e/served-fleet.js';

/** A worker goes by what it read of a fleet for half a second, its login among it. */
const READ_AGAIN_MS = 700;

/** Ids of the issuers of the mount, with their names. */
export async function issuersOf(served: ServedFleet): Promise<ReadonlyMap<string, string>> {
  const { data } = await served.askVault('GET', 'pki/issuers?list=true');
  const names = data.key_info as Record<string, { issuer_name: string }>;
  return new Map(Object.entries(names).map(([id, { issuer_name }]) => [id, issuer_name]));
}

/** Id of the issuer that the mount issues from. */
export async function defaultOf(served: ServedFleet): Promise<string> {
  const { data } = await served.askVault('GET', 'pki/config/issuers');
  return String(data.default);
}

/** Has the fleet come with a token that has the shipped policy and nothing else; returns the token. */
export async function logInByPolicy(served: ServedFleet, fleetId: string): Promise<string> {
  await storePolicy(served);
  const { auth } = await served.askVault('POST', 'auth/token/create', { policies: ['windlass'] });
  const token = auth?.client_token ?? '';
  await replaceLogin(served, fleetId, { token });
  return token;
}

/** Has the fleet log in by an AppRole with the same policy; returns its secret id. */
export async function logInByAppRole(served: ServedFleet, fleetId: string): Promise<string> {
  await storePolicy(served);
  await served.askVault('POST', 'sys/auth/approle', { type: 'approle' });
  const role = 'auth/approle/role/windlass';
  await served.askVault('POST', role, { token_policies: 'windlass', token_ttl: '1h' });
  const roleId = String((await served.askVault('GET', `${role}/role-id`)).data.role_id);
  const secretId = String((await served.askVault('POST', `${role}/secret-id`, {})).data.secret_id);
  await replaceLogin(served, fleetId, { appRole: { roleId, secretId } });
  return secretId;
}

async function storePolicy(served: ServedFleet): Promise<void> {
  const template = await readFile(projectPath('policy/vault/windlass.hcl'), 'utf8');
  const policy = vaultPolicy(template, 'pki', ['clients'], { signedBy: null, movesRoles: false });
  await served.askVault('PUT', 'sys/policies/acl/windlass', { policy });
}

async function replaceLogin({ api }: ServedFleet, fleetId: string, body: object): Promise<void> {
  const reply = await api.call('PUT', `/v1/fleets/${fleetId}/issuing-ca/login`, { body });
  if (reply.status !== 200) throw new Error(`the login was not replaced: ${reply.text}`);
  await sleep(READ_AGAIN_MS);
}
