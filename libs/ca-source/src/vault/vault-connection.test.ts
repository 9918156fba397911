import { createServer as createPlainServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Secret } from '#engine';
import { createAuthority, issueLeaf } from '../sandbox/certificates.js';
import { VaultConnection } from './vault-connection.js';

const token = new Secret('hvs.OURS');
const running: Server[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of running.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function plain(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createPlainServer(listener))}`;
}

async function overTls(listener: RequestListener): Promise<{ address: string; caPem: string }> {
  const authority = await createAuthority('Test CA', 3600);
  const leaf = await issueLeaf(authority, 'localhost', 3600, { client: false, server: true });
  const identity = { key: leaf.privateKeyPem, cert: leaf.certificate.toString('pem') };
  const port = await listen(createTlsServer(identity, listener));
  return { address: `https://localhost:${port}`, caPem: authority.certificate.toString('pem') };
}

function connect(address: string, serverCaPem: string | null = null, timeoutMilliseconds?: number) {
  return new VaultConnection(
    { address, namespace: '', mount: 'team/pki', token, serverCaPem },
    timeoutMilliseconds,
  );
}

const empty = z.object({});
const read = (vault: VaultConnection) => vault.read(vault.inMount('config', 'issuers'), 'read', empty);

describe('VaultConnection', () => {
  it('is not moved by VAULT_* in the environment', async () => {
    const seen: IncomingMessage[] = [];
    const address = await plain((request, response) => {
      seen.push(request);
      response.end('{}');
    });
    vi.stubEnv('VAULT_ADDR', 'http://127.0.0.1:1');
    vi.stubEnv('VAULT_TOKEN', 'theirs');
    vi.stubEnv('VAULT_NAMESPACE', 'theirs');
    vi.stubEnv('VAULT_PREFIX', '/theirs');
    await read(connect(`${address}/`));
    expect(seen[0]?.url).toBe('/v1/team/pki/config/issuers');
    expect(seen[0]?.headers['x-vault-token']).toBe('hvs.OURS');
    expect(seen[0]?.headers['x-vault-namespace']).toBeUndefined();
  });

  it('verifies TLS whatever VAULT_SKIP_VERIFY says', async () => {
    const { address, caPem } = await overTls((_request, response) => response.end('{}'));
    for (const skip of ['', 'true']) {
      vi.stubEnv('VAULT_SKIP_VERIFY', skip);
      await expect(read(connect(address))).rejects.toMatchObject({
        transient: false,
        problem: { code: 'ca.unreachable', message: expect.stringContaining('not trusted') },
      });
      await expect(read(connect(address, caPem))).resolves.toEqual({});
    }
  });

  it('does not follow a redirect from https to http, which would show the token', async () => {
    const tokens: unknown[] = [];
    const clear = await plain((request, response) => {
      tokens.push(request.headers['x-vault-token']);
      response.end('{}');
    });
    const { address, caPem } = await overTls((request, response) => {
      response.writeHead(307, { Location: `${clear}${request.url}` }).end();
    });
    await expect(read(connect(address, caPem))).rejects.toMatchObject({
      problem: { detail: expect.stringContaining('plain http') },
    });
    expect(tokens).toEqual([]);
  });

  it.each([
    ['never starts', () => {}],
    ['stalls in its body', (_request, response) => void response.writeHead(200).write('{')],
    [
      'drips',
      (_request, response) => {
        const drip = setInterval(() => response.write(' '), 50);
        response.once('close', () => clearInterval(drip));
      },
    ],
  ] satisfies [string, RequestListener][])('gives up on a reply that %s', async (_name, listener) => {
    const address = await plain(listener);
    await expect(read(connect(address, null, 200))).rejects.toMatchObject({
      transient: true,
      problem: { code: 'ca.unreachable' },
    });
  });

  it('refuses a page that is not from Vault', async () => {
    const address = await plain((_request, response) => response.end('<html>Sign in</html>'));
    await expect(read(connect(address))).rejects.toMatchObject({
      transient: false,
      problem: { code: 'ca.failed', nextStep: expect.stringContaining('login page') },
    });
  });

  it('escapes what stands in a path', () => {
    expect(connect('http://vault').inMount('roles', 'a/../b?c')).toBe('team/pki/roles/a%2F..%2Fb%3Fc');
  });
});
