import type { IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { Secret } from '#engine';
import { createAuthority, issueLeaf } from '../sandbox/certificates.js';
import { VaultLogins } from './vault-logins.js';

const appRole = { mount: 'team/approle', roleId: 'r', secretId: new Secret('s') };
const place = { kind: 'vault', id: '1', namespace: 'team', mount: 'pki', role: 'clients' } as const;

/** Vault Enterprise as far as a login goes: what it was sent, and the CA of its certificate. */
async function aVault(...auths: readonly object[]) {
  const seen: IncomingMessage[] = [];
  const authority = await createAuthority('Test CA', 3600);
  const leaf = await issueLeaf(authority, 'localhost', 3600, { client: false, server: true });
  const identity = { key: leaf.privateKeyPem, cert: leaf.certificate.toString('pem') };
  const server = createTlsServer(identity, (request, response) => {
    seen.push(request);
    const auth = auths[Math.min(seen.length, auths.length) - 1];
    const token = { client_token: `hvs.${seen.length}`, lease_duration: 60, renewable: true, ...auth };
    response.end(JSON.stringify({ auth: token }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `https://localhost:${(server.address() as AddressInfo).port}`;
  const ca = { ...place, address, serverCaPem: authority.certificate.toString('pem'), appRole };
  return { ca, seen, stop: () => server.close() };
}

describe('VaultLogins', () => {
  it('logs in within the namespace, over the TLS that was recorded, and shows no other token', async () => {
    vi.stubEnv('VAULT_TOKEN', 'theirs');
    const { ca, seen, stop } = await aVault({});
    try {
      const logins = new VaultLogins();
      expect((await logins.token(ca)).reveal()).toBe('hvs.1');
      const [login] = seen;
      expect(login?.url).toBe('/v1/auth/team/approle/login');
      expect(login?.headers['x-vault-namespace']).toBe('team');
      expect(login?.headers['x-vault-token']).toBeUndefined();
      const untrusted = { ...ca, id: '2', serverCaPem: null };
      await expect(logins.token(untrusted)).rejects.toMatchObject({
        problem: { code: 'ca.unreachable', message: expect.stringContaining('not trusted') },
      });
    } finally {
      vi.unstubAllEnvs();
      stop();
    }
  });

  it.each([
    ['ends', { lease_duration: 60, renewable: false }, 2],
    ['does not end', { lease_duration: 0, renewable: false }, 1],
  ])('keeps a token that %s as long as that', async (_what, auth, requests) => {
    const { ca, seen, stop } = await aVault(auth);
    let now = 0;
    const logins = new VaultLogins(() => now);
    await logins.token(ca);
    now += 61_000;
    await logins.token(ca);
    expect(seen).toHaveLength(requests);
    stop();
  });

  it('logs in again when a renewal would not last, because the token nears its longest life', async () => {
    const { ca, seen, stop } = await aVault({}, { lease_duration: 20 }, {});
    let now = 0;
    const logins = new VaultLogins(() => now);
    await logins.token(ca);
    now += 45_000;
    expect((await logins.token(ca)).reveal()).toBe('hvs.3');
    expect(seen.map(({ url }) => url?.split('/').at(-1))).toEqual(['login', 'renew-self', 'login']);
    stop();
  });

  it('tells all who wait of a login that failed, and asks again for who comes later', async () => {
    const { ca, seen, stop } = await aVault({ client_token: '' });
    const logins = new VaultLogins();
    const waiting = await Promise.allSettled([1, 2, 3].map(() => logins.token(ca)));
    expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(seen).toHaveLength(1);
    await expect(logins.token(ca)).rejects.toMatchObject({ problem: { code: 'ca.failed' } });
    expect(seen).toHaveLength(2);
    stop();
  });
});
