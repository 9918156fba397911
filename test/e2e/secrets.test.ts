import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import type { Installation } from '#installation';
import { startRedis, type TestRedis } from '#kit';
import { newAppRole } from '../conformance/ca-logins.vault.js';
import { aHostBody, aJumpBody, aScheduleBody, planted } from './bodies.js';
import { dataKeysOf } from './data-keys.js';
import { everyRow, type JobSpy, spyOnPostgres, spyOnRedis } from './job-spy.js';
import { requestRotation } from './recording.js';
import { SecretSearch } from './secret-search.js';
import { ServedFleet } from './served-fleet.js';
import { openStream } from './sse.js';

/** Not a secret: it must be found wherever the secrets must not, or the search looks at nothing. */
const REASON = planted('reason');
const NOWHERE = 'http://127.0.0.1:9';

/** A webhook that is told of everything, at an address that is refused. Not over HTTP, whose reply shows its secret. */
async function plantWebhook({ records }: Installation): Promise<Readonly<Record<string, string>>> {
  const everything = { description: REASON, eventTypes: null, fleetIds: null, enabled: true };
  const { webhook, secret } = await records.webhooks.create({ ...everything, url: NOWHERE }, 'a test');
  const next = await records.webhooks.rotateSecret(webhook.id, new Date(Date.now() + 3_600_000));
  return { webhookSecret: secret.reveal(), nextWebhookSecret: next.secret.reveal() };
}

const queues = [
  ['PostgreSQL', async () => null],
  ['Redis', startRedis],
] as const;

describe.each(queues)('secrets, the queue on %s', (_name, startQueue) => {
  const wrongToken = planted('wrong-token');
  const strayToken = planted('stray-token');
  const [wrongKey, brokenKey, inQuery] = ['wrong-key', 'broken-key', 'in-query'].map(planted);
  const foreignKey = String(aHostBody().privateKey);
  const places: Record<string, string> = { errors: '', events: '' };
  let redis: TestRedis | null = null;
  let served: ServedFleet;
  let spy: JobSpy;
  let sampleKey = '';
  let rotationId = '';
  let secretId = '';
  let webhookSecrets: Readonly<Record<string, string>> = {};

  /** Rotates a fleet to whatever end; every event of it is kept. */
  const rotate = async (fleetId: string) => {
    const id = await requestRotation(served.api, fleetId, REASON);
    const stream = await openStream(`${served.api.url}/v1/rotations/${id}/events`, served.api.adminKey);
    places.events += JSON.stringify(await stream.rest());
    const { status, explanation } = await served.ended(id);
    expect((await served.api.call('GET', `/v1/rotations/${id}/postmortem`)).status).toBe(200);
    await served.disband(fleetId);
    return { id, status, explanation };
  };

  beforeAll(async () => {
    redis = await startQueue();
    served = await ServedFleet.open(2, redis ? { redisUrl: redis.url } : {});
    spy = redis ? await spyOnRedis(redis.url) : await spyOnPostgres(served.api.databaseUrl);
    webhookSecrets = await plantWebhook(served.api.installation);
  });

  afterAll(async () => {
    await spy?.stop();
    await served?.stop();
    await redis?.stop();
  });

  it('stay out of a rotation with keyed sample, schedule and AppRole that succeeds while its tokens expire', async () => {
    // Long enough that the schedule, which ticks meanwhile, finds nothing to do.
    const role = await newAppRole(served.vault, 'pki', { token_ttl: '2s' });
    const { secretId: secret, ...appRole } = await role.secretId();
    secretId = secret.reveal();
    const fleetId = await served.record({
      ...{ caTtlSeconds: 7 * 86_400, contractWhen: 'soaked' },
      issuingCa: { token: undefined, appRole: { ...appRole, secretId } },
    });
    const { issuingCa } = await served.api.installation.parts.fleets.fleet(fleetId);
    const request = { issuerId: null, commonName: 'a sample', ttlSeconds: 3_600 };
    const leaf = await served.api.installation.parts.ca.issueLeaf(issuingCa, request);
    sampleKey = leaf.privateKey.reveal();
    const sample = {
      name: 'keyed',
      certificatePem: leaf.certificatePem,
      privateKey: sampleKey,
      expect: 'accepted',
    };
    const schedule = aScheduleBody({ cron: '* * * * * *', rotateWhenDaysLeft: 0 });
    for (const [what, body] of Object.entries({ samples: sample, schedules: schedule })) {
      expect((await served.api.call('POST', `/v1/fleets/${fleetId}/${what}`, { body })).status).toBe(201);
    }
    const ended = await rotate(fleetId);
    expect(ended).toMatchObject({ status: 'succeeded' });
    rotationId = ended.id;
  });

  it.each([
    ['a token that Vault refuses', { issuingCa: { token: wrongToken } }, {}],
    ['a token for a Vault that is away', { issuingCa: { token: wrongToken, address: NOWHERE } }, {}],
    ['an SSH key that the host refuses', {}, { privateKey: foreignKey }],
  ])('stay out of a rotation with %s', async (_what, fleet, host) => {
    const bundlePem = served.bundles()[0];
    expect(await rotate(await served.record({ bundlePem, ...fleet }, host))).toMatchObject({
      status: 'refused',
    });
  });

  it('stay out of replies to requests that put them in the wrong place', async () => {
    const bodies = [{ [strayToken]: 1 }, { token: strayToken }, { issuingCa: strayToken }];
    for (const body of [...bodies, `{"token":"${strayToken}"`]) {
      const reply = await served.api.call('POST', '/v1/fleets', { body });
      expect(reply.status).toBe(400);
      if (!JSON.stringify(body).startsWith(`{"${strayToken}"`)) expect(reply.text).not.toContain(strayToken);
    }
  });

  it('stay out of replies and logs when they are wrong, or where nobody looks for them', async () => {
    const fleetId = await served.record({ bundlePem: served.bundles()[0] });
    const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\n${brokenKey}\n-----END OPENSSH PRIVATE KEY-----\n`;
    const refused = [
      await served.api.call('GET', '/v1/fleets', { key: String(wrongKey) }),
      await served.api.call('GET', `/v1/fleets?token=${inQuery}`),
      await served.api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body: aHostBody({ privateKey: pem }) }),
      await served.api.call('POST', `/v1/fleets/${fleetId}/hosts`, {
        body: aHostBody({ jump: { ...aJumpBody(), privateKey: pem } }),
      }),
      await served.api.call('POST', `/v1/fleets/${fleetId}/samples`, { body: { privateKey: pem } }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 400, 400, 400, 400]);
    await served.disband(fleetId);
  });

  it('stay out of errors, whoever prints them', async () => {
    const { fleets, ca, hosts } = served.api.installation.parts;
    const fleet = await fleets.fleet(await served.record({ bundlePem: served.bundles()[0] }));
    const [host] = fleet.hosts;
    const { issuingCa: vault } = fleet;
    if (!host || vault.kind !== 'vault') throw new Error('the fleet has no host, or no Vault');
    const failing = [
      () => ca.survey({ ...vault, appRole: undefined, token: new Secret(wrongToken) }),
      () => ca.survey({ ...vault, address: NOWHERE }),
      () => hosts.observe({ ...host, privateKey: new Secret(foreignKey) }),
      () => hosts.observe({ ...host, jump: { ...host, privateKey: new Secret(foreignKey) } }),
      () => hosts.observe({ ...host, port: 1 }),
      () => hosts.observe({ ...host, hostKey: String(aHostBody().hostKey) }),
    ];
    for (const fail of failing) {
      const error: unknown = await fail().then(
        () => expect.unreachable('it did not fail'),
        (thrown: unknown) => thrown,
      );
      const printed = [String(error), (error as Error).stack, JSON.stringify(error)];
      places.errors += [...printed, inspect(error, { depth: 20, showHidden: true })].join('\n');
    }
    for (const printed of [fleet, host].map((one) => inspect(one, { depth: 20 }) + JSON.stringify(one))) {
      places.errors += printed;
    }
  });

  it('are in no row, no job, no line of the log, no event, no reply and no error', async () => {
    const { databaseUrl, logLines, replies, adminKey, masterKey } = served.api;
    places.database = await everyRow(databaseUrl);
    places.jobs = await spy.seen();
    places.log = logLines.join('\n');
    places.replies = replies.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n');
    const landmarks = {
      database: [REASON, 'rotation.ended', 'dev.windlass.rotation.started'],
      jobs: [rotationId],
      log: ['"msg":"request"', '"level":"info"', '"msg":"an effect failed', '"code":"host.denied"'],
      replies: [REASON, rotationId, '## What failed first'],
      events: [REASON, 'rotation.ended'],
      errors: [
        'ca.denied',
        'ca.unreachable',
        'host.denied',
        'jump host (',
        'host.unreachable',
        'host.key-changed',
      ],
    };
    for (const [place, texts] of Object.entries(landmarks)) {
      for (const text of texts) expect(places[place], `the ${place}`).toContain(text);
    }
    const dataKeys = await dataKeysOf(databaseUrl, masterKey.reveal());
    expect(dataKeys.length).toBeGreaterThan(3);
    const search = new SecretSearch({
      ...Object.fromEntries(dataKeys.map((key, index) => [`data key ${index}`, key])),
      ...{ wrongKey: `${wrongKey}`, brokenKey: `${brokenKey}`, inQuery: `${inQuery}` },
      ...{ wrongToken, foreignKey, sampleKey, adminKey, secretId, ...webhookSecrets },
      vaultToken: served.vault.token.reveal(),
      sshKey: served.fleet.privateKey,
      masterKey: masterKey.reveal(),
      databasePassword: new URL(databaseUrl).password,
    });
    const found = Object.entries(places).map(([place, text]) => [place, search.foundIn(text)]);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.keys(places).map((place) => [place, []])),
    );
  });
});
