import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPkiSandbox } from '#ca-source';
import { Secret } from '#engine';
import { startVault } from '../kit/vault.js';

interface Server {
  readonly address: string;
  readonly token: Secret;
  readonly unsealKey: string;
  stop(): Promise<void>;
}

interface Exchange {
  readonly ask: string;
  readonly body?: object;
  readonly type?: string;
  readonly token?: string;
}

const MERGE = 'application/merge-patch+json';
const EC = { key_type: 'ec', key_bits: 256 };
const ROLE = { allow_any_name: true, enforce_hostnames: false, ...EC, max_ttl: '24h' };

/** One story, told to both servers in this order: what comes later builds on what came before. */
const STORY: readonly Exchange[] = [
  { ask: 'GET sys/seal-status' },
  { ask: 'POST sys/mounts/pki', body: { type: 'pki' } },
  { ask: 'POST sys/mounts/pki', body: { type: 'pki' } },
  { ask: 'POST sys/mounts/other', body: { type: 'ssh' } },
  { ask: 'GET auth/token/lookup-self' },
  { ask: 'GET auth/token/lookup-self', token: '' },
  { ask: 'LIST pki/issuers' },
  { ask: 'LIST pki/roles' },
  { ask: 'GET pki/config/issuers' },
  { ask: 'GET pki/issuer/default' },
  {
    ask: 'POST pki/root/generate/internal',
    body: { ...EC, common_name: 'One', issuer_name: 'one', ttl: '2h' },
  },
  { ask: 'POST pki/root/generate/internal', body: { ...EC, common_name: 'One', issuer_name: 'one' } },
  { ask: 'POST pki/root/rotate/internal', body: { ...EC, common_name: 'X', issuer_name: 'default' } },
  { ask: 'POST pki/root/rotate/internal', body: { ...EC, common_name: 'X', issuer_name: 'bad name!' } },
  {
    ask: 'POST pki/root/rotate/internal',
    body: { ...EC, common_name: 'Two', key_name: 'k', issuer_name: 'two' },
  },
  {
    ask: 'POST pki/root/rotate/internal',
    body: { ...EC, common_name: 'X', key_name: 'k', issuer_name: 'x' },
  },
  { ask: 'LIST pki/issuers' },
  { ask: 'GET pki/issuers?list=true' },
  { ask: 'LIST pki/issuers', token: '' },
  { ask: 'GET pki/config/issuers', token: '' },
  { ask: 'GET pki/issuer/one' },
  { ask: 'GET pki/issuer/nosuch' },
  { ask: 'GET pki/issuer/nosuch/crl' },
  { ask: 'GET pki/crl/rotate' },
  { ask: 'GET pki/crl/rotate', token: '' },
  { ask: 'POST pki/revoke', body: { serial_number: '00:11' } },
  { ask: 'PATCH pki/issuer/two', body: { usage: 'read-only' }, type: 'application/json' },
  { ask: 'PATCH pki/issuer/two', body: { usage: 'bogus' }, type: MERGE },
  { ask: 'PATCH pki/issuer/two', body: { issuer_name: 'one' }, type: MERGE },
  { ask: 'PATCH pki/issuer/nosuch', body: { usage: 'read-only' }, type: MERGE },
  { ask: 'PATCH pki/issuer/two', body: { usage: 'read-only,crl-signing' }, type: MERGE },
  { ask: 'POST pki/config/issuers', body: { default: 'nosuch' } },
  { ask: 'POST pki/config/issuers', body: { default: '' } },
  { ask: 'POST pki/config/issuers', body: { default_follows_latest_issuer: true } },
  { ask: 'POST pki/config/issuers', body: { default: 'one', default_follows_latest_issuer: true } },
  { ask: 'POST pki/config/issuers', body: { default: 'one' } },
  { ask: 'POST pki/issue/nosuch', body: { common_name: 'c' } },
  { ask: 'GET pki/roles/nosuch' },
  { ask: 'POST pki/roles/client', body: ROLE },
  { ask: 'POST pki/roles/strict', body: { ...ROLE, allow_any_name: false } },
  { ask: 'GET pki/roles/client' },
  { ask: 'LIST pki/roles' },
  { ask: 'POST pki/issue/client', body: { common_name: 'c', ttl: '1h' } },
  { ask: 'POST pki/issue/client', body: { ttl: '1h' } },
  { ask: 'POST pki/issue/strict', body: { common_name: 'c', ttl: '1h' } },
  { ask: 'POST pki/issuer/two/issue/client', body: { common_name: 'c', ttl: '1h' } },
  { ask: 'POST pki/issuer/nosuch/issue/client', body: { common_name: 'c', ttl: '1h' } },
  { ask: 'POST pki/issue/client', body: { common_name: 'c', ttl: '5h' } },
  { ask: 'PATCH pki/issuer/one', body: { leaf_not_after_behavior: 'truncate' }, type: MERGE },
  { ask: 'POST pki/issue/client', body: { common_name: 'c', ttl: '5h' } },
  { ask: 'POST pki/issuer/two', body: { usage: 'read-only,issuing-certificates' } },
  { ask: 'GET pki/issuer/two' },
  { ask: 'DELETE pki/key/k' },
  { ask: 'DELETE pki/issuer/nosuch' },
  { ask: 'DELETE pki/key/nosuch' },
  { ask: 'DELETE pki/issuer/one' },
  { ask: 'GET pki/config/issuers' },
  { ask: 'POST pki/issue/client', body: { common_name: 'c', ttl: '1h' } },
  { ask: 'DELETE pki/roles/client' },
  { ask: 'GET pki/nosuchpath' },
  { ask: 'GET nosuch/config/issuers' },
  { ask: 'PUT sys/seal', token: 'wrong' },
  { ask: 'PUT sys/seal' },
  { ask: 'GET sys/health' },
  { ask: 'GET sys/seal-status' },
  { ask: 'LIST pki/issuers' },
  { ask: 'GET nosuch/x' },
  { ask: 'PUT sys/unseal', body: { key: 'THE KEY' } },
  { ask: 'GET sys/health' },
];

describe('the PKI sandbox answers as Vault does', () => {
  const servers: Server[] = [];
  beforeAll(async () => {
    const token = new Secret(`sandbox-root-${randomUUID()}`);
    const sandbox = await startPkiSandbox({ token });
    servers.push({ ...sandbox, token, stop: () => sandbox.close() });
    servers.push(await startVault());
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  it.each(STORY.map((exchange, step) => ({ ...exchange, step })))('$step $ask $body', async (exchange) => {
    const [sandbox, vault] = await Promise.all(servers.map((server) => tell(server, exchange)));
    if (sandbox === undefined || vault === undefined) throw new Error('a server is missing');
    expect({ status: sandbox.status, errors: sandbox.errors }).toEqual({
      status: vault.status,
      errors: vault.errors,
    });
    // The sandbox may leave out what nobody here reads; what it says has Vault's name and type.
    expect(vault.fields).toEqual(expect.arrayContaining([...sandbox.fields]));
  });

  it('says that it is not Vault', async () => {
    const response = await fetch(`${servers[0]?.address}/v1/sys/health`);
    expect(response.headers.get('server')).toBe('windlass-pki-sandbox/0.1.0');
    expect(await response.json()).toMatchObject({ version: 'windlass-pki-sandbox-0.1.0' });
  });
});

interface Told {
  readonly status: number;
  readonly errors: readonly string[] | null;
  /** Name and type of every field of the reply, and the values that do not differ by nature. */
  readonly fields: readonly string[];
}

async function tell(server: Server, { ask, body, type, token }: Exchange): Promise<Told> {
  const [method, path] = ask.split(' ');
  const response = await fetchWithList(server, method ?? '', path ?? '', {
    token: token ?? server.token.reveal(),
    type: type ?? 'application/json',
    body: body === undefined ? undefined : JSON.stringify(body).replace('THE KEY', server.unsealKey),
  });
  const text = await response.text();
  const reply: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  return {
    status: response.status,
    errors: Array.isArray(reply.errors) ? reply.errors.map((each) => neutral(String(each))) : null,
    fields: describeFields((reply.data ?? reply) as Record<string, unknown>),
  };
}

function fetchWithList(
  server: Server,
  method: string,
  path: string,
  { token, type, body }: { token: string; type: string; body: string | undefined },
) {
  const url = `${server.address}/v1/${path}${method === 'LIST' ? '?list=1' : ''}`;
  return fetch(url, {
    method: method === 'LIST' ? 'GET' : method,
    headers: { 'Content-Type': type, ...(token === '' ? {} : { 'X-Vault-Token': token }) },
    ...(body === undefined ? {} : { body }),
  });
}

/** Ids and times differ by nature. */
function neutral(error: string): string {
  return error
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/route "([^"]*?)\/?"/, 'route "$1"');
}

function describeFields(reply: Record<string, unknown>): readonly string[] {
  return Object.entries(reply)
    .filter(([name]) => !['request_id', 'version'].includes(name))
    .map(([name, value]) => {
      const fixed = [
        'usage',
        'issuer_name',
        'leaf_not_after_behavior',
        'default_follows_latest_issuer',
        'sealed',
      ];
      return `${name}: ${fixed.includes(name) ? value : Array.isArray(value) ? 'array' : typeof value}`;
    });
}
