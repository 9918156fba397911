// Long because it is one table, and gets a line with each field.
import { generateKeyPairSync } from 'node:crypto';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '#kit';
import { aBundle, aFleetBody, aHostBody, aJumpBody, aSampleBody, aScheduleBody, planted } from './bodies.js';
import { expectFieldFault } from './expect-field-fault.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

/** Every field that can be wrong, spoilt alone: the reply must name it and nothing else, and quote nothing. */

let api: RunningApi;
let fleetId: string;

beforeAll(async () => {
  api = await runApi();
  fleetId = await recordFleet(api, 0);
});

afterAll(() => api?.stop());

describe('a fleet', () => {
  it.each([
    ['name', undefined],
    ['name', 'Edge'],
    ['name', 'a b'],
    ['name', '-edge'],
    ['name', 'x'.repeat(64)],
    ['name', ''],
    ['soakSeconds', -1],
    ['soakSeconds', 1.5],
    ['soakSeconds', '60'],
    ['soakSeconds', 1e12],
    ['canaryHosts', 0],
    ['caTtlSeconds', 5],
    ['bundlePem', null],
    ['bundlePem', 'a\0b'],
    ['surprise', 1],
  ])('%s = %j', async (field, value) => {
    await expectFieldFault(api, '/v1/fleets', { ...(await aFleetBody()), [field]: value }, `#/${field}`);
  });

  it.each([
    ['address', 'ftp://vault.example'],
    ['address', 'vault.example:8200'],
    ['address', 'https://user:word@vault.example'],
    ['address', 'https://vault.example/?x=1'],
    ['mount', '/pki'],
    ['mount', 'pki/'],
    ['mount', 'a/../b'],
    ['mount', ''],
    ['namespace', 'team/'],
    ['role', 'a b'],
    ['token', ''],
    ['token', 'two words'],
    ['token', 'new\nline'],
    ['serverCaPem', 'hello'],
    ['secret', 'x'],
  ])('issuingCa.%s = %j', async (field, value) => {
    const body = await aFleetBody({ issuingCa: { [field]: value } });
    await expectFieldFault(api, '/v1/fleets', body, `#/issuingCa/${field}`);
  });
});

const encrypted = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  ...{ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a passphrase' },
});
const rsaHostKey = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).public;

describe('a host', () => {
  it.each([
    [{ address: 'a b' }, 'address'],
    [{ port: 0 }, 'port'],
    [{ user: '-l' }, 'user'],
    [{ hostKey: undefined }, 'hostKey'],
    [{ hostKey: 'ssh-rsa AAAA' }, 'hostKey'],
    [{ privateKey: undefined }, 'privateKey'],
    [{ login: 'agent' }, 'privateKey'],
    [{ jump: null }, 'jump'],
  ])('jump with %j', async (over, field) => {
    const body = aHostBody({ jump: { ...aJumpBody(), ...over } });
    await expectFieldFault(api, `/v1/fleets/${fleetId}/hosts`, body, `#/jump/${field}`);
  });

  it('that the SSH agent logs in to takes no private key', async () => {
    const text = await expectFieldFault(
      api,
      `/v1/fleets/${fleetId}/hosts`,
      aHostBody({ login: 'agent' }),
      '#/privateKey',
    );
    expect(text).toContain('is not taken');
  });

  it.each([
    ['name', 'edge 1'],
    ['name', '../../etc'],
    ['address', ''],
    ['address', '300.1.1.1'],
    ['address', '10.0.0.1; reboot'],
    ['address', 'http://edge-1'],
    ['port', 0],
    ['port', 65_536],
    ['port', '22'],
    ['user', ''],
    ['user', '-oProxyCommand=x'],
    ['user', 'ro ot'],
    ['managedPaths', []],
    ['managedPaths', ['/a', '/a']],
    ['managedPaths', Array.from({ length: 17 }, (_, n) => `/etc/${n}`)],
    ['nginxBinary', 'nginx; reboot'],
    ['nginxBinary', './nginx'],
    ['nginxBinary', '/usr/../nginx'],
    ['nginxBinary', '-c'],
    ['nginxBinary', '$(id)'],
    ['nginxArguments', '-p /opt/nginx'],
    ['reloadCommand', 'nginx -s reload'],
    ['access', 'sudo'],
    ['probeTargets', []],
    ['privateKey', undefined],
    ['login', 'password'],
    ['password', 'x'],
  ])('%s = %j', async (field, value) => {
    await expectFieldFault(api, `/v1/fleets/${fleetId}/hosts`, aHostBody({ [field]: value }), `#/${field}`);
  });

  it.each([
    'etc/nginx/ca.pem',
    '/etc/../ca.pem',
    '/etc//ca.pem',
    '/etc/nginx/',
    '/',
    '/etc/\nca.pem',
    '/etc/./ca.pem',
    '/etc/nginx/ca\\.pem',
    '/etc/nginx/ca.pem ',
    '/etc/nginx/$(id).pem',
    '/etc/nginx/`id`.pem',
    "/etc/nginx/'ca'.pem",
    '/etc/nginx/ca;.pem',
    '/etc/nginx/#ca.pem',
    '/etc/nginx/*.pem',
  ])('managedPaths[0] = %j', async (path) => {
    const body = aHostBody({ managedPaths: [path] });
    await expectFieldFault(api, `/v1/fleets/${fleetId}/hosts`, body, '#/managedPaths/0');
  });

  it.each([
    ['path', 'status'],
    ['path', '/a b'],
    ['path', '/ HTTP/1.1\r\nHost: x'],
    ['serverName', '127.0.0.1'],
    ['serverName', 'a..b'],
    ['port', -1],
    ['address', 'a b'],
    ['verify', false],
  ])('probeTargets[0].%s = %j', async (field, value) => {
    const target = { address: '127.0.0.1', port: 8443, [field]: value };
    const body = aHostBody({ probeTargets: [target] });
    await expectFieldFault(api, `/v1/fleets/${fleetId}/hosts`, body, `#/probeTargets/0/${field}`);
  });

  it.each([
    ['no key', 'hello'],
    ['a line of known_hosts', `edge-1 ${aHostBody().hostKey}`],
    ['a broken blob', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample'],
    [
      'another algorithm than it says',
      String(aHostBody().hostKey).replace('ssh-ed25519', 'ecdsa-sha2-nistp256'),
    ],
    ['an RSA key, whose line means SHA-1', rsaHostKey],
  ])('hostKey that is %s is told how to come by one', async (_what, hostKey) => {
    const text = await expectFieldFault(
      api,
      `/v1/fleets/${fleetId}/hosts`,
      aHostBody({ hostKey }),
      '#/hostKey',
    );
    expect(text).toContain('ssh-keyscan');
  });

  it.each([
    ['garbage', planted('key'), 'must be a private key'],
    ['cut off', String(aHostBody().privateKey).slice(0, 200), 'must be a private key'],
    ['a public key', String(aHostBody().hostKey), 'is a public key'],
    ['protected by a passphrase', encrypted, 'passphrase'],
    ['protected, in the form of OpenSSH', protectedKey(), 'passphrase'],
  ])('privateKey that is %s is never quoted', async (_what, privateKey, say) => {
    const text = await expectFieldFault(
      api,
      `/v1/fleets/${fleetId}/hosts`,
      aHostBody({ privateKey }),
      '#/privateKey',
    );
    expect(text).toContain(say);
    for (const line of String(privateKey)
      .split('\n')
      .filter((one) => one.length > 8)) {
      expect(text).not.toContain(line);
    }
  });

  it('a fault deep in a long list is found', async () => {
    const hosts = Array.from({ length: 30 }, () => aHostBody());
    const bodies = hosts.map((host, index) => (index === 17 ? { ...host, port: 0 } : host));
    await expectFieldFault(api, `/v1/fleets/${fleetId}/hosts`, { hosts: bodies }, '#/hosts/17/port');
  });

  it.each([null, 1, 'host', []])('%j among several', async (host) => {
    const body = { hosts: [aHostBody(), host] };
    await expectFieldFault(api, `/v1/fleets/${fleetId}/hosts`, body, '#/hosts/1');
  });

  it.each([0, 1001])('%i at once', async (length) => {
    const body = { hosts: Array.from({ length }, () => 1) };
    const reply = await api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body });
    expect(reply.status).toBe(400);
    expect(reply.body.errors.length).toBeLessThanOrEqual(50);
  });

  it('takes 1000 at once', async () => {
    const one = aHostBody();
    const hosts = Array.from({ length: 1_000 }, (_, n) => {
      const address = `127.78.${n >> 8}.${n & 255}`;
      return { ...one, name: `many-${n}`, address, probeTargets: [{ address, port: 8443 }] };
    });
    const id = await recordFleet(api, 0);
    expect((await api.call('POST', `/v1/fleets/${id}/hosts`, { body: { hosts } })).status).toBe(201);
  });
});

describe('a sample', () => {
  it.each([
    ['name', 'a\nb'],
    ['certificatePem', 'hello'],
    ['expect', 'maybe'],
    ['chainPem', 'hello'],
    ['key', 1],
  ])('%s = %j', async (field, value) => {
    const body = await aSampleBody({ privateKey: null, [field]: value });
    await expectFieldFault(api, `/v1/fleets/${fleetId}/samples`, body, `#/${field}`);
  });

  it('of a CA, or of two certificates', async () => {
    const { certificatePem } = await aSampleBody();
    for (const pem of [await aBundle(), `${certificatePem}${certificatePem}`]) {
      const body = await aSampleBody({ certificatePem: pem, privateKey: null });
      await expectFieldFault(api, `/v1/fleets/${fleetId}/samples`, body, '#/certificatePem');
    }
  });

  it('with a key of something else, or none that can be read', async () => {
    const { privateKeyPem } = await makeCa({ commonName: 'Other' });
    for (const privateKey of [privateKeyPem, planted('key'), encrypted]) {
      const body = await aSampleBody({ privateKey });
      const text = await expectFieldFault(api, `/v1/fleets/${fleetId}/samples`, body, '#/privateKey');
      expect(text).not.toContain(String(privateKey).split('\n')[1] ?? String(privateKey));
    }
  });
});

describe('a rotation', () => {
  it.each([
    ['fleetId', 'edge'],
    ['fleetId', undefined],
    ['reason', 'a\0b'],
    ['reason', 'x'.repeat(501)],
    ['force', true],
  ])('%s = %j', async (field, value) => {
    await expectFieldFault(api, '/v1/rotations', { fleetId, [field]: value }, `#/${field}`);
  });

  it.each(['7:abort', '7:pause', '7/hosts/7:decommission'])('%s needs a reason', async (verb) => {
    await expectFieldFault(api, `/v1/rotations/${verb}`, {}, '#/reason');
    await expectFieldFault(api, `/v1/rotations/${verb}`, { reason: '' }, '#/reason');
    await expectFieldFault(api, `/v1/rotations/${verb}`, { reason: 'why', force: true }, '#/force');
  });
});

describe('a fleet that does not exist', () => {
  const nobody = '0193a1c0-7b3e-7000-8000-000000000000';

  it.each([
    ['hosts', aHostBody],
    ['samples', aSampleBody],
    ['schedules', aScheduleBody],
  ])('takes no %s', async (what, make) => {
    const reply = await api.call('POST', `/v1/fleets/${nobody}/${what}`, { body: await make() });
    expect([reply.status, reply.body.code]).toEqual([404, 'fleet.not-found']);
    expect((await api.call('GET', `/v1/fleets/${nobody}/${what}`)).body.code).toBe('fleet.not-found');
  });

  it('is not rotated', async () => {
    const reply = await api.call('POST', '/v1/rotations', { body: { fleetId: nobody } });
    expect([reply.status, reply.body.code]).toEqual([404, 'fleet.not-found']);
  });
});

function protectedKey(): string {
  const options = { passphrase: 'a passphrase', cipher: 'aes256-ctr', rounds: 4 };
  return ssh2.utils.generateKeyPairSync('ed25519', options).private;
}
