import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyRow } from './job-spy.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';
import { SecretSearch } from './secret-search.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi({ webhookAllowedRanges: ['127.40.0.0/16'] });
});

afterAll(() => api?.stop());

const URL_OF = 'https://hooks.example/windlass';
const make = (body: object = {}) => api.call('POST', '/v1/webhooks', { body: { url: URL_OF, ...body } });

describe('a webhook', () => {
  it('is made with a secret that is shown once', async () => {
    const fleetId = await recordFleet(api, 0);
    const types = ['dev.windlass.rotation.blocked', 'dev.windlass.drift.found'];
    const made = await make({ description: 'the pager', eventTypes: types, fleetIds: [fleetId] });
    expect([made.status, made.headers.location]).toEqual([201, `/v1/webhooks/${made.body.id}`]);
    const { secret, ...shown } = made.body;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toMatchObject({
      ...{ url: URL_OF, description: 'the pager', eventTypes: types, fleetIds: [fleetId], enabled: true },
      ...{ disabledAt: null, disabledReason: null, lastDeliveredAt: null, previousSecretUntil: null },
      createdBy: expect.stringMatching(/^api-key:/),
    });
    expect((await api.call('GET', `/v1/webhooks/${made.body.id}`)).body).toEqual(shown);
    expect((await api.call('GET', '/v1/webhooks?limit=200')).body.items).toContainEqual(shown);
  });

  it('is told everything of all fleets when nothing else is said', async () => {
    expect((await make()).body).toMatchObject({
      description: '',
      eventTypes: null,
      fleetIds: null,
      enabled: true,
    });
  });

  it.each([
    [400, 'request.invalid', { url: '' }],
    [400, 'request.invalid', { uri: URL_OF }],
    [400, 'request.invalid', { secret: 'whsec_mine' }],
    [400, 'request.invalid', { eventTypes: [] }],
    [400, 'request.invalid', { eventTypes: ['dev.windlass.webhook.test'] }],
    [400, 'request.invalid', { eventTypes: ['dev.windlass.drift.found', 'dev.windlass.drift.found'] }],
    [400, 'request.invalid', { fleetIds: [] }],
    [400, 'request.invalid', { fleetIds: ['edge'] }],
    [400, 'request.invalid', { description: 'two\nlines' }],
    [404, 'fleet.not-found', { fleetIds: [randomUUID()] }],
    [422, 'webhook.url-refused', { url: 'http://hooks.example.com:80/#x' }],
    [422, 'webhook.url-refused', { url: 'https://ana:planted@hooks.example/' }],
    [422, 'webhook.address-refused', { url: 'https://169.254.169.254/' }],
    [422, 'webhook.address-refused', { url: 'https://127.41.0.1/' }],
    [422, 'webhook.address-refused', { url: 'https://[::ffff:10.0.0.1]/' }],
  ])('is refused with %i %s: %o', async (status, code, body) => {
    const { id } = (await make()).body;
    for (const reply of [await make(body), await api.call('PATCH', `/v1/webhooks/${id}`, { body })]) {
      expect(reply.body, reply.text).toMatchObject({ status, code, nextAction: expect.any(String) });
      expect(reply.text).not.toContain('planted');
    }
  });

  it('may lead into a range that the operator allowed, by http too', async () => {
    expect((await make({ url: 'http://127.40.1.1:8080/' })).status).toBe(201);
  });

  it('is changed in what is named, disabled and enabled by a person, and removed', async () => {
    const { id } = (await make({ description: 'one' })).body;
    const change = (body: object) => api.call('PATCH', `/v1/webhooks/${id}`, { body });
    expect((await change({ enabled: false })).body).toMatchObject({
      ...{ description: 'one', enabled: false, disabledAt: expect.any(String), disabledReason: null },
    });
    expect((await change({ enabled: true, eventTypes: ['dev.windlass.drift.found'] })).body).toMatchObject({
      ...{ description: 'one', enabled: true, disabledAt: null, eventTypes: ['dev.windlass.drift.found'] },
    });
    expect((await change({ eventTypes: null, url: 'https://other.example/' })).body).toMatchObject({
      ...{ eventTypes: null, url: 'https://other.example/', enabled: true },
    });
    expect((await api.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', ':test'],
      ['GET', '/deliveries'],
      ['POST', `/deliveries/${randomUUID()}:redeliver`],
    ] as const) {
      expect((await api.call(method, `/v1/webhooks/${id}${path}`)).body.code, path).toBe('webhook.not-found');
    }
  });

  it('gets a new secret, and says until when the one of before is good', async () => {
    const { id, secret } = (await make()).body;
    const rotate = (body: object) => api.call('POST', `/v1/webhooks/${id}:rotate-secret`, { body });
    const rotated = await rotate({ overlapSeconds: 3_600 });
    expect(rotated.body.secret).toMatch(/^whsec_/);
    expect(rotated.body.secret).not.toBe(secret);
    const left = Date.parse(rotated.body.previousSecretUntil) - Date.now();
    expect(left).toBeGreaterThan(3_000_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    expect((await rotate({ overlapSeconds: 604_801 })).body.code).toBe('request.invalid');
  });

  it('is tried: a delivery is recorded, listed, and not sent twice at once', async () => {
    const { id } = (await make()).body;
    const test = await api.call('POST', `/v1/webhooks/${id}:test`);
    expect([test.status, test.body]).toMatchObject([
      202,
      {
        eventType: 'dev.windlass.webhook.test',
        status: 'pending',
        attempts: 0,
        responseCode: null,
        error: null,
      },
    ]);
    const list = await api.call('GET', `/v1/webhooks/${id}/deliveries?status=pending`);
    expect(list.body).toEqual({ items: [test.body], nextCursor: null });
    expect((await api.call('GET', `/v1/webhooks/${id}/deliveries?status=failed`)).body.items).toEqual([]);
    const redeliver = (one: string) => api.call('POST', `/v1/webhooks/${id}/deliveries/${one}:redeliver`);
    expect((await redeliver(test.body.id)).body.code).toBe('webhook-delivery.pending');
    expect((await redeliver(randomUUID())).body.code).toBe('webhook-delivery.not-found');
  });

  it.each(['viewer', 'operator', 'approver'])('is read by a %s, and changed by admins only', async (role) => {
    const { id } = (await make()).body;
    const { key } = (await api.call('POST', '/v1/api-keys', { body: { role, label: `a ${role}` } })).body;
    const status = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) =>
      (await api.call(method, `/v1/webhooks${path}`, { key, body })).status;
    expect([
      await status('GET', ''),
      await status('GET', `/${id}`),
      await status('GET', `/${id}/deliveries`),
    ]).toEqual([200, 200, 200]);
    expect([
      await status('POST', '', { url: URL_OF }),
      await status('PATCH', `/${id}`, { enabled: false }),
      await status('DELETE', `/${id}`),
      await status('POST', `/${id}:test`),
      await status('POST', `/${id}:rotate-secret`, {}),
      await status('POST', `/${id}/deliveries/${randomUUID()}:redeliver`),
    ]).toEqual([403, 403, 403, 403, 403, 403]);
  });

  it('keeps its secrets out of every row, every line of the log, and every reply but the one that makes it', async () => {
    const made = (await make()).body;
    const rotated = (await api.call('POST', `/v1/webhooks/${made.id}:rotate-secret`, { body: {} })).body;
    await api.call('POST', `/v1/webhooks/${made.id}:test`);
    await api.call('GET', `/v1/webhooks/${made.id}/deliveries`);
    const search = new SecretSearch({
      secret: made.secret.replace('whsec_', ''),
      next: rotated.secret.replace('whsec_', ''),
    });
    const rows = await everyRow(api.databaseUrl);
    expect(rows).toContain(made.id);
    const shown = api.replies.filter(({ text }) => search.foundIn(text).length > 0);
    expect(shown.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/webhooks',
      `POST /v1/webhooks/${made.id}:rotate-secret`,
    ]);
    expect([search.foundIn(rows), search.foundIn(api.logLines.join('\n'))]).toEqual([[], []]);
  });
});
