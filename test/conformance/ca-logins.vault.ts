import { randomUUID } from 'node:crypto';
import { type AppRole, Secret, type VaultCa, type VaultTokenCa } from '#engine';
import type { TestVault } from '../kit/vault.js';
import { callApi } from './ca-source.backends.js';
import { startInterferingProxy } from './ca-source.interference.js';

/** An AppRole of its own at a real Vault, as an administrator sets one up. */
export interface TestAppRole {
  /** Path of the auth method. */
  readonly mount: string;
  readonly roleId: string;
  /** Path of the role without its last part, for further requests. */
  readonly path: string;
  secretId(): Promise<AppRole>;
  /** A wrapping token for a new secret id. */
  wrapped(): Promise<Secret>;
}

/** `settings` as Vault's API has them; the policy allows everything below the mount of the PKI. */
export async function newAppRole(
  vault: TestVault,
  pkiMount: string,
  settings: object = {},
): Promise<TestAppRole> {
  const mount = `approle-${randomUUID().slice(0, 8)}`;
  const rights = '{ capabilities = ["create", "read", "update", "patch", "delete", "list"] }';
  await callApi(vault, 'PUT', `sys/policies/acl/${mount}`, { policy: `path "${pkiMount}/*" ${rights}` });
  await callApi(vault, 'POST', `sys/auth/${mount}`, { type: 'approle' });
  const path = `auth/${mount}/role/windlass`;
  await callApi(vault, 'POST', path, { token_policies: [mount], token_ttl: '1h', ...settings });
  const { data } = await callApi(vault, 'GET', `${path}/role-id`);
  const roleId = String(data.role_id);
  return {
    ...{ mount, roleId, path },
    secretId: async () => {
      const made = await callApi(vault, 'POST', `${path}/secret-id`, {});
      return { mount, roleId, secretId: new Secret(String(made.data.secret_id)) };
    },
    wrapped: () => wrap(vault, `${path}/secret-id`, {}),
  };
}

/** What `vault write -wrap-ttl` makes: a token that gives the reply away once. */
export async function wrap(vault: TestVault, path: string, body: object): Promise<Secret> {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method: 'POST',
    headers: { 'X-Vault-Token': vault.token.reveal(), 'X-Vault-Wrap-TTL': '10m' },
    body: JSON.stringify(body),
  });
  const { wrap_info } = (await response.json()) as { wrap_info: { token: string } };
  return new Secret(wrap_info.token);
}

/** The same CA by AppRole, through a proxy that counts; `after` is called when a request was done. */
export async function watched(
  vault: TestVault,
  { token: _token, ...mount }: VaultTokenCa,
  appRole: AppRole,
  after: (asked: string) => Promise<unknown> = async () => undefined,
) {
  const asked: string[] = [];
  const { address, close } = await startInterferingProxy(vault.address, async (request) => {
    asked.push(request);
    await after(request);
    return 'pass';
  });
  const ca: VaultCa = { ...mount, address, appRole };
  const count = (request: RegExp) => asked.filter((one) => request.test(one)).length;
  return { ca, close, logins: () => count(/\/login$/), renewals: () => count(/\/renew-self$/) };
}
