import { randomUUID } from 'node:crypto';
import { generateKeyPair, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitsApproval } from '#rotation';
import { OidcTokens } from '../../apps/api/src/access/oidc-tokens.js';
import { LocalIssuer } from './local-issuer.js';
import { PlayedWorker } from './played-worker.js';
import { ANY_STATE, recordFleet } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';

let issuer: LocalIssuer;
let api: RunningApi;

beforeAll(async () => {
  issuer = await LocalIssuer.start();
  api = await runApi({ oidc: issuer.settings({ fleetsClaim: 'fleets' }) });
});

afterAll(async () => {
  await api?.stop();
  await issuer?.stop();
});

const token = (claims: object = {}) => issuer.token({ fleets: '*', ...claims });
const list = (key: string) => api.call('GET', '/v1/fleets', { key });
const codeOf = ({ status, body }: Reply) => [status, body?.code];
const now = () => Math.floor(Date.now() / 1000);
const startWith = (key: string, fleetId: string, fresh: string) =>
  api.call('POST', '/v1/rotations', { key, body: { fleetId }, headers: { 'Idempotency-Key': fresh } });

describe('a token of the issuer', () => {
  it('opens what its roles may, within its fleets', async () => {
    const [own, foreign] = [await recordFleet(api, 0), await recordFleet(api, 0)];
    const key = await token({ groups: ['leads', 'x'], fleets: [own] });
    expect((await list(key)).body.items.map(({ id }: { id: string }) => id)).toEqual([own]);
    expect(codeOf(await api.call('GET', `/v1/fleets/${foreign}`, { key }))).toEqual([404, 'fleet.not-found']);
    expect(codeOf(await api.call('POST', '/v1/preflight', { key, body: {} }))).toEqual([
      ...[403, 'request.forbidden'],
    ]);
    const admin = await token({ groups: ['pki-admins'] });
    expect((await api.call('GET', '/v1/api-keys', { key: admin })).status).toBe(200);
  });

  it('gets no reply repeated that tells of fleets which are no longer its own', async () => {
    const [fleetId, own, fresh] = [await recordFleet(api), await recordFleet(api, 0), randomUUID()];
    const first = await startWith(await token({ sub: 'fay' }), fleetId, fresh);
    const confined = await token({ sub: 'fay', fleets: [own] });
    expect(codeOf(await startWith(confined, fleetId, fresh))).toEqual([404, 'rotation.not-found']);
    const still = await token({ sub: 'fay', fleets: [own, fleetId] });
    expect((await startWith(still, fleetId, fresh)).text).toBe(first.text);
    const reader = await token({ sub: 'fay', groups: ['leads'] });
    expect(codeOf(await startWith(reader, fleetId, fresh))).toEqual([403, 'request.forbidden']);
  });

  it('tells its holder who they are here: with all roles, and the one that may most', async () => {
    const [fleetId, exp] = [await recordFleet(api, 0), now() + 600];
    const key = await token({ sub: 'hal', name: 'Hal', groups: ['leads', 'sre'], fleets: [fleetId], exp });
    const { roles, ...self } = (await api.call('GET', '/v1/self', { key })).body;
    expect(self).toEqual({
      ...{ actor: `oidc:${issuer.url}#hal (Hal)`, kind: 'oidc', role: 'operator' },
      ...{ fleets: [fleetId], until: new Date(exp * 1000).toISOString() },
    });
    expect(new Set(roles)).toEqual(new Set(['approver', 'operator']));
  });

  it('is in the audit log by issuer and subject, with all its roles, also where it is refused', async () => {
    const key = await token({ sub: 'gil', name: 'Gil (ops)', groups: ['sre', 'leads'] });
    await startWith(key, await recordFleet(api), randomUUID());
    await api.call('POST', '/v1/api-keys', { key, body: { role: 'admin', label: 'mine' } });
    const actor = `oidc:${issuer.url}#gil`;
    const { items } = (await api.call('GET', `/v1/audit?actor=${encodeURIComponent(actor)}`)).body;
    const who = { actor, actorLabel: 'Gil (ops)', actorRole: 'operator approver' };
    expect(items).toMatchObject([
      { ...who, operation: 'createApiKey', outcome: 'refused', details: { status: 403 } },
      { ...who, operation: 'startRotation', outcome: 'succeeded' },
      { ...who, operation: 'startRotation', stage: 'intent' },
    ]);
  });

  it('is recorded by issuer and subject, with a name, and never itself', async () => {
    const key = await token({ sub: 'a b', name: 'Ana' });
    const fleetId = await recordFleet(api);
    const rotation = await api.call('POST', '/v1/rotations', { key, body: { fleetId } });
    expect(rotation.body.requestedBy).toBe(`oidc:${issuer.url}#a%20b (Ana)`);
    for (const part of key.split('.')) expect(api.logLines.join('')).not.toContain(part);
  });

  it.each([
    ['that is over', async () => token({ exp: now() - 60 }), 'This token has expired.'],
    ['of tomorrow', async () => token({ nbf: now() + 60 }), 'This token has no good claim `nbf`.'],
    ['without an end', async () => token({ exp: undefined }), 'This token has no good claim `exp`.'],
    ['for others', async () => token({ aud: ['mail', 'wiki'] }), 'This token has no good claim `aud`.'],
    ['without a subject', async () => token({ sub: undefined }), 'This token has no good claim `sub`.'],
    [
      'of another issuer',
      async () => token({ iss: 'https://idp.example' }),
      'This token is of another issuer than the one that is trusted here.',
    ],
    [
      'that another key signed',
      async () => issuer.token({ fleets: '*' }, {}, (await generateKeyPair('ES256')).privateKey),
      'This token is not signed by a key of its issuer.',
    ],
    [
      'of a key that nobody published',
      async () => issuer.token({ fleets: '*' }, { kid: 'other' }),
      'This token is not signed by a key of its issuer.',
    ],
    [
      'whose payload is another one',
      async () => {
        const [head, , signature] = (await token()).split('.');
        const [, payload] = (await token({ groups: ['pki-admins'] })).split('.');
        return [head, payload, signature].join('.');
      },
      'This token is not signed by a key of its issuer.',
    ],
    [
      'that is signed with what everybody knows: the published keys as a secret',
      async () => {
        const published = await (await fetch(`${issuer.url}/keys`)).text();
        const secret = new TextEncoder().encode(published);
        return issuer.token({ fleets: '*' }, { alg: 'HS256' }, secret);
      },
      'This token is not signed in one of the ways RS256,',
    ],
    [
      'that nobody signed',
      async () =>
        new UnsecuredJWT({
          iss: issuer.url,
          aud: 'windlass',
          sub: 'ana',
          exp: now() + 60,
          groups: ['sre'],
        }).encode(),
      'This token is not signed in one of the ways RS256,',
    ],
    ['that is none', async () => 'eyJub25l.eyJub25l.eyJub25l', 'This token cannot be read as a JWT.'],
  ])('%s opens nothing, and is told why', async (_, make, detail) => {
    const reply = await list(await make());
    expect(codeOf(reply)).toEqual([401, 'request.unauthorised']);
    expect(reply.body.detail).toContain(detail);
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="windlass", error="invalid_token"');
  });

  it('may be a few seconds ahead or over: clocks differ', async () => {
    expect((await list(await token({ nbf: now() + 5 }))).status).toBe(200);
  });

  it.each([
    ['no role', { groups: ['staff'] }, 'The claim groups of this token gives no role here'],
    ['no fleet', { fleets: undefined }, 'The claim fleets of this token names no fleet.'],
  ])('that is good and gives %s is refused with what is missing', async (_, claims, detail) => {
    const reply = await list(await token(claims));
    expect(codeOf(reply)).toEqual([403, 'oidc.unmapped']);
    expect(reply.body.detail).toContain(detail);
  });

  it('leaves API keys as they are, and open routes open', async () => {
    expect((await list(api.adminKey)).status).toBe(200);
    const headers = { Authorization: `Bearer ${await token({ exp: now() - 60 })}` };
    expect((await api.call('GET', '/livez', { key: null, headers })).status).toBe(200);
  });
});

describe('two ways in, one person', () => {
  const key = async (body: object) => (await api.call('POST', '/v1/api-keys', { body })).body.key;

  /** Asked for with `asks`, and waiting for a second person. */
  async function waiting(asks: string) {
    const fleetId = await recordFleet(api, 1, {
      approval: 'contract',
      soakSeconds: 0,
      contractWhen: 'soaked',
    });
    const { id } = (await api.call('POST', '/v1/rotations', { key: asks, body: { fleetId } })).body;
    await new PlayedWorker(api.installation, id).play(awaitsApproval);
    const { trustDiffDigest } = (await api.call('GET', `/v1/rotations/${id}`)).body.generations;
    return (who: string) =>
      api.call('POST', `/v1/rotations/${id}:approve`, {
        ...{ key: who, body: { trustDiffDigest }, headers: ANY_STATE },
      });
  }

  it('approves nothing that they asked for, by whatever name or key; another person does', async () => {
    const both = { groups: ['sre', 'leads'] };
    const approve = await waiting(await token({ ...both, name: 'Ana' }));
    const own = [
      await token({ ...both, name: 'Ana Maria' }),
      await key({ role: 'approver', label: 'key of ana', subject: 'ana' }),
    ];
    for (const one of own) expect(codeOf(await approve(one))).toEqual([403, 'rotation.own-request']);
    const second = await approve(await token({ ...both, sub: 'ben', name: 'Ana' }));
    expect(second.body.approval.given.by, second.text).toBe(`oidc:${issuer.url}#ben (Ana)`);
  });

  it('is known by key and token the other way round, and the key stands in the journal', async () => {
    const asks = await key({ role: 'operator', label: 'job of ana', subject: 'ana' });
    const approve = await waiting(asks);
    expect(codeOf(await approve(await token({ groups: ['leads'] })))).toEqual([403, 'rotation.own-request']);
    const other = await key({ role: 'approver', label: 'a key of its own' });
    expect((await approve(other)).status).toBe(202);
    const [{ id }] = (await api.call('GET', '/v1/rotations?limit=1')).body.items;
    expect((await api.call('GET', `/v1/rotations/${id}`)).body.requestedBy).toMatch(
      /#ana \(job of ana, by api-key:[0-9a-f-]{36}\)$/,
    );
  });

  it('get one reply to one Idempotency-Key, by whatever name', async () => {
    const [fleetId, fresh] = [await recordFleet(api), randomUUID()];
    const start = (who: string) => startWith(who, fleetId, fresh);
    const first = await start(await token({ sub: 'eve', name: 'Eve' }));
    expect(first.status).toBe(202);
    const again = [
      await start(await token({ sub: 'eve', name: 'Eve Maria' })),
      await start(await key({ role: 'operator', label: 'job of eve', subject: 'eve' })),
    ];
    for (const reply of again) {
      expect([reply.text, reply.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    }
    const other = await start(await token({ sub: 'ben', name: 'Eve' }));
    expect(codeOf(other)).toEqual([409, 'rotation.conflict']);
  });

  it('needs an issuer', async () => {
    const alone = await runApi();
    const body = { role: 'viewer', label: 'x', subject: 'ana' };
    expect(codeOf(await alone.call('POST', '/v1/api-keys', { body }))).toEqual([409, 'oidc.not-configured']);
    const reply = await alone.call('GET', '/v1/fleets', { key: await token() });
    expect(codeOf(reply)).toEqual([401, 'request.unauthorised']);
    await alone.stop();
  });
});

describe('the issuer', () => {
  it('is asked once for its keys, again when it signs with another one, and at rest otherwise', async () => {
    const one = await LocalIssuer.start();
    const tokens = new OidcTokens(one.settings(), 0);
    const first = await one.token();
    for (let round = 0; round < 3; round += 1) await tokens.callerOf(first);
    expect(one.asked).toBe(1);
    await one.rotateKeys('PS256');
    await tokens.callerOf(await one.token({}, { alg: 'PS256' }));
    expect(one.asked).toBe(2);
    await expect(tokens.callerOf(first)).rejects.toMatchObject({ code: 'request.unauthorised' });
    await one.stop();
  });

  it('is not asked for keys more often than now and then, whatever strangers send', async () => {
    const one = await LocalIssuer.start();
    const tokens = new OidcTokens(one.settings());
    await tokens.callerOf(await one.token());
    for (let round = 0; round < 5; round += 1) {
      const strange = tokens.callerOf(await one.token({}, { kid: `strange-${round}` }));
      await expect(strange).rejects.toMatchObject({ code: 'request.unauthorised' });
    }
    expect(one.asked).toBe(1);
    await one.stop();
  });

  it('that cannot be reached is no fault of the token, and is asked again when it is back', async () => {
    const one = await LocalIssuer.start();
    const closed = await runApi({ oidc: one.settings() });
    const key = await one.token();
    await one.stop();
    const reply = await closed.call('GET', '/v1/fleets', { key });
    expect(codeOf(reply)).toEqual([503, 'oidc.unreachable']);
    expect(reply.headers['retry-after']).toBe('5');
    expect(reply.body.detail).toContain(one.url);
    expect((await closed.call('GET', '/v1/fleets')).status).toBe(200);
    await one.listen();
    expect((await closed.call('GET', '/v1/fleets', { key })).status).toBe(200);
    await closed.stop();
    await one.stop();
  });

  it('whose document speaks of another is believed in nothing', async () => {
    const one = await LocalIssuer.start();
    one.claimsToBe = 'https://idp.example';
    const asked = new OidcTokens(one.settings()).callerOf(await one.token());
    await expect(asked).rejects.toMatchObject({ code: 'oidc.unreachable' });
    expect(one.asked).toBe(0);
    await one.stop();
  });
});
