import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '#kit';
import { aBundle, aFleetBody, aHostBody, aJumpBody, aSampleBody } from './bodies.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

describe('fleets', () => {
  it('records a fleet with its defaults and reads it back', async () => {
    const sent = await aFleetBody();
    const created = await api.call('POST', '/v1/fleets', { body: sent });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(`/v1/fleets/${created.body.id}`);
    expect(created.body).toMatchObject({
      name: sent.name,
      soakSeconds: 86_400,
      canaryHosts: 1,
      warnings: [],
    });
    const { warnings: _warnings, ...fleet } = created.body;
    expect((await api.call('GET', created.headers.location ?? '')).body).toEqual(fleet);
  });

  it('keeps the bundle byte for byte: comments, CRLF and duplicates are in its digest, and are told of', async () => {
    const plain = await aBundle();
    const bundlePem = `# hand-made\r\n${plain.replaceAll('\n', '\r\n')}${plain}`;
    const { body } = await api.call('POST', '/v1/fleets', { body: await aFleetBody({ bundlePem }) });
    expect(body.warnings).toMatchObject([{ code: 'anchor.duplicate', severity: 'warning' }]);
    const { generation } = await api.installation.parts.fleets.fleet(body.id);
    expect(generation.content).toBe(bundlePem);
    const listed = await api.call('GET', `/v1/fleets/${body.id}/generations`);
    expect(listed.body.items).toEqual([body.generation]);
  });

  it.each([
    [
      'a leaf',
      async () =>
        (await (await makeCa({ commonName: 'X' })).issueClient({ commonName: 'leaf' })).certificatePem,
      'anchor.leaf',
    ],
    [
      'an expired CA',
      async () => (await makeCa({ commonName: 'Old', notAfter: Date.now() - 1000 })).certificatePem,
      'anchor.expired',
    ],
    ['nothing', async () => '', 'bundle.empty'],
    ['no PEM', async () => 'hello', 'bundle.not-pem'],
    ['a broken block', async () => (await aBundle()).replace('-----END', '-----'), 'block.broken'],
    [
      'a key',
      async () => `${await aBundle()}${(await makeCa({ commonName: 'K' })).privateKeyPem}`,
      'block.private-key',
    ],
    ['bytes that were not UTF-8', async () => `# caf\uFFFD\n${await aBundle()}`, 'bundle.not-utf8'],
  ])('refuses a bundle with %s, naming block, line and next step', async (_what, make, code) => {
    const reply = await api.call('POST', '/v1/fleets', {
      body: await aFleetBody({ bundlePem: await make() }),
    });
    expect(reply.status).toBe(422);
    expect(reply.body).toMatchObject({ code: 'bundle.unusable', errors: [{ pointer: '#/bundlePem' }] });
    const finding = reply.body.findings.find((one: { code: string }) => one.code === code);
    expect(finding).toMatchObject({ severity: 'error', nextStep: expect.stringMatching(/\w+/) });
    if (/^(anchor|block)/.test(code)) expect(finding.message).toMatch(/(certificate|block) \d+ \(line \d+/);
    expect(reply.text).not.toContain('PRIVATE KEY-----');
  });

  it('refuses a name that is taken', async () => {
    const body = await aFleetBody();
    await api.call('POST', '/v1/fleets', { body });
    const again = await api.call('POST', '/v1/fleets', { body });
    expect([again.status, again.body.code]).toEqual([409, 'fleet.name-taken']);
  });

  it('spells an issuing CA in one way, whatever way it was typed', async () => {
    const issuingCa = { address: 'HTTP://Vault.Example:80/prefix//' };
    const { body } = await api.call('POST', '/v1/fleets', { body: await aFleetBody({ issuingCa }) });
    expect(body.issuingCa.address).toBe('http://vault.example/prefix');
  });

  it('lists all fleets once, page by page', async () => {
    await Promise.all(Array.from({ length: 5 }, () => recordFleet(api, 0)));
    const ids: string[] = [];
    for (let path: string | null = '/v1/fleets?limit=2'; path !== null; ) {
      const { body } = await api.call('GET', path);
      expect(body.items.length).toBeLessThanOrEqual(2);
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      path = body.nextCursor === null ? null : `/v1/fleets?limit=2&cursor=${body.nextCursor}`;
    }
    const whole = await api.call('GET', '/v1/fleets?limit=200');
    expect(ids).toEqual(whole.body.items.map(({ id }: { id: string }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('hosts', () => {
  it('enrols one, reads it, removes it', async () => {
    const fleetId = await recordFleet(api, 0);
    const sent = aHostBody({
      nginxBinary: '/opt/nginx/sbin/nginx',
      nginxArguments: ['-p', '/opt/nginx'],
      reloadCommand: ['systemctl', 'reload', 'nginx'],
      access: 'installed',
    });
    const created = await api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body: sent });
    expect(created.status).toBe(201);
    const { privateKey: _key, hostKey, ...shown } = sent;
    expect(created.body).toMatchObject(shown);
    expect(hostKey).toContain(created.body.hostKey);
    const path = created.headers.location ?? '';
    expect((await api.call('GET', path)).body).toEqual(created.body);
    expect((await api.call('DELETE', path)).status).toBe(204);
    expect((await api.call('GET', path)).body.code).toBe('host.not-found');
    expect((await api.call('DELETE', path)).body.code).toBe('host.not-found');
  });

  it('enrols one that the SSH agent of the workers logs in to', async () => {
    const fleetId = await recordFleet(api, 0);
    const body = aHostBody({ login: 'agent', privateKey: undefined });
    const created = await api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body });
    expect(created).toMatchObject({ status: 201, body: { name: body.name, login: 'agent' } });
  });

  it('enrols one behind a jump host, and shows no key of either', async () => {
    const fleetId = await recordFleet(api, 0);
    const jump = aJumpBody();
    const body = aHostBody({ jump });
    const created = await api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body });
    const { privateKey: _key, hostKey, ...shown } = jump;
    const [type, blob] = String(hostKey).split(' ');
    expect(created).toMatchObject({ status: 201, body: { jump: { ...shown, login: 'key' } } });
    expect(created.body.jump.hostKey).toBe(`${type} ${blob}`);
    expect(created.text).not.toContain('rivateKey');
  });

  it('enrols many at once, all or none', async () => {
    const fleetId = await recordFleet(api, 0);
    const hosts = Array.from({ length: 25 }, () => aHostBody());
    const path = `/v1/fleets/${fleetId}/hosts`;
    const enrolled = await api.call('POST', path, { body: { hosts } });
    expect(enrolled.body.hosts.map(({ name }: { name: string }) => name)).toEqual(
      hosts.map(({ name }) => name),
    );
    const [first] = hosts;
    const mixed = await api.call('POST', path, { body: { hosts: [aHostBody(), first] } });
    expect([mixed.status, mixed.body.code]).toEqual([409, 'host.already-enrolled']);
    expect(mixed.body.detail).toContain(first?.address);
    const named = await api.call('POST', path, { body: aHostBody({ name: first?.name }) });
    expect(named.body.code).toBe('host.name-taken');
    const page = await api.call('GET', `${path}?limit=20`);
    const rest = await api.call('GET', `${path}?limit=20&cursor=${page.body.nextCursor}`);
    expect([page.body.items.length, rest.body.items.length, rest.body.nextCursor]).toEqual([20, 5, null]);
  });

  it('names what repeats within one request', async () => {
    const [one, other] = [aHostBody(), aHostBody()];
    const hosts = [one, { ...other, name: one.name }, { ...aHostBody(), address: other.address }];
    const reply = await api.call('POST', `/v1/fleets/${await recordFleet(api, 0)}/hosts`, {
      body: { hosts },
    });
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '#/hosts/1/name',
      '#/hosts/2/address',
    ]);
  });

  it('refuses to remove a host that a rotation works on', async () => {
    const fleetId = await recordFleet(api, 1);
    await requestRotation(api, fleetId);
    const { body } = await api.call('GET', `/v1/fleets/${fleetId}/hosts`);
    const reply = await api.call('DELETE', `/v1/fleets/${fleetId}/hosts/${body.items[0].id}`);
    expect([reply.status, reply.body.code]).toEqual([409, 'host.in-rotation']);
  });
});

describe('samples', () => {
  it('records, lists and removes a sample, and never shows its key', async () => {
    const path = `/v1/fleets/${await recordFleet(api, 0)}/samples`;
    const sent = await aSampleBody();
    const created = await api.call('POST', path, { body: sent });
    expect(created.body).toMatchObject({
      name: sent.name,
      expect: 'accepted',
      hasPrivateKey: true,
      chainPem: '',
    });
    const keyless = await api.call('POST', path, { body: await aSampleBody({ privateKey: null }) });
    expect(keyless.body.hasPrivateKey).toBe(false);
    expect((await api.call('POST', path, { body: sent })).body.code).toBe('sample.name-taken');
    expect((await api.call('GET', path)).body.items).toEqual([created.body, keyless.body]);
    expect((await api.call('DELETE', `${path}/${created.body.id}`)).status).toBe(204);
    expect((await api.call('DELETE', `${path}/${created.body.id}`)).body.code).toBe('sample.not-found');
  });
});

describe('rotations', () => {
  it('takes one, shows the whole of it, and says who asked', async () => {
    const fleetId = await recordFleet(api, 3);
    const taken = await api.call('POST', '/v1/rotations', {
      body: { fleetId, reason: 'the CA ends in May' },
    });
    expect(taken.status).toBe(202);
    expect(taken.headers.location).toBe(`/v1/rotations/${taken.body.id}`);
    expect(taken.body).toMatchObject({
      ...{ fleetId, status: 'pending', phase: 'preflight', version: 1, revision: 1 },
      ...{ reason: 'the CA ends in May', paused: null, decommissioned: [] },
      requestedBy: expect.stringMatching(/^api-key:[0-9a-f-]{36} \(given in WINDLASS_ADMIN_KEY\)$/),
      explanation: expect.stringContaining('Waiting for a worker'),
      hosts: [0, 1, 1].map((place) => ({
        ...{ wave: place, batch: place, step: 'waiting', serving: 'old', reason: null },
      })),
    });
    const read = await api.call('GET', taken.headers.location ?? '');
    expect(read.body).toEqual(taken.body);
    expect(read.headers.etag).toBe('"1"');
    const again = await api.call('GET', taken.headers.location ?? '', {
      headers: { 'If-None-Match': '"1"' },
    });
    expect(again.status).toBe(304);
  });

  it('refuses a second one of the same fleet, and names the first', async () => {
    const fleetId = await recordFleet(api);
    const first = await requestRotation(api, fleetId);
    const second = await api.call('POST', '/v1/rotations', { body: { fleetId } });
    expect([second.status, second.body.code]).toEqual([409, 'rotation.conflict']);
    expect(second.body.nextAction).toContain(first);
  });

  it('refuses a fleet without hosts', async () => {
    const fleetId = await recordFleet(api, 0);
    const reply = await api.call('POST', '/v1/rotations', { body: { fleetId } });
    expect([reply.status, reply.body.code]).toEqual([409, 'fleet.no-hosts']);
    expect(reply.body.nextAction).toContain(`POST /v1/fleets/${fleetId}/hosts`);
  });

  it('lists newest first, by fleet and by status, page by page', async () => {
    const fleets = [await recordFleet(api), await recordFleet(api)];
    const ids: string[] = [];
    for (const fleetId of fleets) ids.push(await requestRotation(api, fleetId));
    const one = await api.call('GET', `/v1/rotations?fleetId=${fleets[0]}`);
    expect(one.body.items.map(({ id }: { id: string }) => id)).toEqual([ids[0]]);
    const newest = await api.call('GET', '/v1/rotations?limit=1');
    expect(newest.body.items[0].id).toBe(ids[1]);
    const next = await api.call('GET', `/v1/rotations?limit=1&cursor=${newest.body.nextCursor}`);
    expect(next.body.items[0].id).toBe(ids[0]);
    const ended = await api.call('GET', '/v1/rotations?status=succeeded&status=refused');
    expect(ended.body.items).toEqual([]);
    expect((await api.call('GET', '/v1/rotations?status=pending')).body.items.length).toBeGreaterThan(1);
  });

  it('knows no other verb', async () => {
    const id = await requestRotation(api, await recordFleet(api));
    const reply = await api.call('POST', `/v1/rotations/${id}:explode`);
    expect([reply.status, reply.body.code]).toEqual([404, 'request.unknown-route']);
    const verbless = await api.call('POST', `/v1/rotations/${id}`);
    expect([verbless.status, verbless.headers.allow]).toEqual([405, 'GET']);
  });
});
