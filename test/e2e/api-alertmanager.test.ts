import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aScheduleBody } from './bodies.js';
import { recordFleet, requestRotation } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';

const ALWAYS = { from: '00:00', to: '24:00' };
const STARTS_AT = '2026-11-29T23:00:00.000Z';

let api: RunningApi;
let fleetId: string;
let fingerprint: string;

beforeAll(async () => {
  api = await runApi();
});
afterAll(() => api?.stop());
beforeEach(async () => {
  fleetId = await recordFleet(api);
  fingerprint = randomUUID().replaceAll('-', '').slice(0, 16);
});

/** As Alertmanager 0.25 sends it. */
function webhook(over: object = {}, labels: object = {}): object {
  const alert = {
    ...{ status: 'firing', startsAt: STARTS_AT, endsAt: '0001-01-01T00:00:00Z', generatorURL: 'http://p/' },
    labels: { alertname: 'AnAlert', fleet_id: fleetId, windlass_action: 'rotate', ...labels },
    ...{ annotations: { summary: 'it ends' }, fingerprint, ...over },
  };
  return {
    ...{ receiver: 'windlass', status: 'firing', version: '4', groupKey: '{}:{}', truncatedAlerts: 0 },
    ...{ groupLabels: {}, commonLabels: {}, commonAnnotations: {}, externalURL: 'http://a/' },
    alerts: [alert],
  };
}

async function send(body: object, key?: string): Promise<Reply['body']['items'][number]> {
  const reply = await api.call('POST', '/v1/alertmanager', { body, ...(key ? { key } : {}) });
  expect(reply.status, reply.text).toBe(200);
  return reply.body.items[0];
}

async function addSchedule(over: object = {}): Promise<string> {
  const body = aScheduleBody({ startOnAlert: true, ...over });
  const reply = await api.call('POST', `/v1/fleets/${fleetId}/schedules`, { body });
  expect(reply.status, reply.text).toBe(201);
  return reply.body.id;
}

const schedules = async () => (await api.call('GET', `/v1/fleets/${fleetId}/schedules`)).body.items;
const rotations = async () => (await api.call('GET', `/v1/rotations?fleetId=${fleetId}`)).body.items;

/** The pattern names this moment. */
const tickNow = () =>
  api.installation.dataSource.query('UPDATE schedules SET next_tick_at = now() WHERE fleet_id = $1', [
    fleetId,
  ]);

/** What a worker does every ten seconds. */
const sweep = () => api.installation.schedules.sweep();

describe('POST /v1/alertmanager', () => {
  it('makes a schedule that takes alerts start its rotation, however long the CA lives, and once', async () => {
    await addSchedule();
    expect(await send(webhook())).toMatchObject({ fingerprint, outcome: 'asked' });
    expect((await schedules())[0].alertedAt).not.toBeNull();
    await sweep();
    const [rotation, ...more] = await rotations();
    expect(more).toEqual([]);
    const { body } = await api.call('GET', `/v1/rotations/${rotation.id}`);
    expect(body).toMatchObject({ requestedBy: expect.stringMatching(/^schedule /) });
    expect(body.reason).toMatch(/^an alert asked for it at 20/);
    const [schedule] = await schedules();
    expect(schedule).toMatchObject({
      alertedAt: null,
      lastOutcome: expect.stringContaining('an alert asked'),
    });
    expect(await send(webhook())).toMatchObject({ outcome: 'asked-before' });
    await sweep();
    expect(await rotations()).toHaveLength(1);
  });

  it('takes two deliveries at once for one', async () => {
    await addSchedule();
    const outcomes = await Promise.all([send(webhook()), send(webhook()), send(webhook())]);
    expect(outcomes.filter(({ outcome }) => outcome === 'asked')).toHaveLength(1);
    await Promise.all([sweep(), sweep()]);
    expect(await rotations()).toHaveLength(1);
  });

  it.each([
    ['that is resolved', { status: 'resolved' }, {}, 'resolved'],
    ['without the action', {}, { windlass_action: '' }, 'windlass_action'],
    ['with another action', {}, { windlass_action: 'distrust' }, 'windlass_action'],
    ['of a fleet that there is not', {}, { fleet_id: 'nowhere' }, 'no schedule'],
    ['of a fleet whose id is no text', {}, { fleet_id: 'a\0b' }, 'no schedule'],
  ])('ignores an alert %s, and says why', async (_what, over, labels, because) => {
    await addSchedule();
    const outcome = await send(webhook(over, labels));
    expect(outcome).toMatchObject({ outcome: 'ignored', because: expect.stringContaining(because) });
    expect((await schedules())[0].alertedAt).toBeNull();
  });

  it.each([
    ['does not take alerts', { startOnAlert: false }],
    ['is disabled', { enabled: false }],
  ])('starts nothing by a schedule that %s', async (_what, over) => {
    await addSchedule(over);
    expect(await send(webhook())).toMatchObject({ outcome: 'ignored' });
    await sweep();
    expect(await rotations()).toEqual([]);
  });

  it('is not heard by a schedule that is suspended, and heard once that goes on', async () => {
    await addSchedule();
    await requestRotation(api, fleetId);
    const suspend = `UPDATE schedules SET suspended_at = now(), suspended_status = 'reverted',
      suspended_rotation_id = (SELECT id FROM rotations WHERE fleet_id = $1) WHERE fleet_id = $1`;
    await api.installation.dataSource.query(suspend, [fleetId]);
    expect(await send(webhook())).toMatchObject({ outcome: 'ignored' });
    const [{ id }] = await schedules();
    const path = `/v1/fleets/${fleetId}/schedules/${id}:resume`;
    expect((await api.call('POST', path, { body: { reason: 'mended' } })).status).toBe(200);
    expect(await send(webhook())).toMatchObject({ outcome: 'asked' });
  });

  it('is forgotten by a schedule that is disabled, so that nothing starts months later', async () => {
    const path = `/v1/fleets/${fleetId}/schedules/${await addSchedule()}`;
    expect(await send(webhook())).toMatchObject({ outcome: 'asked' });
    expect((await api.call('PATCH', path, { body: { enabled: false } })).body.alertedAt).toBeNull();
  });

  it('waits for the window of the schedule', async () => {
    const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 3) % 7];
    const id = await addSchedule({ windows: [{ days: [day], ...ALWAYS }] });
    expect(await send(webhook())).toMatchObject({ outcome: 'asked' });
    await sweep();
    expect(await rotations()).toEqual([]);
    const [{ alertedAt, lastOutcome }] = await schedules();
    expect(lastOutcome).toContain('the window opens at');
    expect(alertedAt).not.toBeNull();
    await api.call('PATCH', `/v1/fleets/${fleetId}/schedules/${id}`, { body: { windows: [] } });
    await tickNow();
    await sweep();
    expect(await rotations()).toHaveLength(1);
  });

  it('is held while a rotation works on the fleet, and has nothing to do once that rotated it', async () => {
    await addSchedule();
    await requestRotation(api, fleetId);
    expect(await send(webhook())).toMatchObject({ outcome: 'asked' });
    await sweep();
    expect((await schedules())[0].lastOutcome).toContain('held: rotation');
    const { dataSource } = api.installation;
    await dataSource.query(`DELETE FROM locks WHERE key = 'fleet:' || $1`, [fleetId]);
    await dataSource.query('UPDATE fleets SET last_rotated_at = clock_timestamp() WHERE id = $1', [fleetId]);
    await tickNow();
    await sweep();
    expect(await rotations()).toHaveLength(1);
    const [schedule] = await schedules();
    expect(schedule).toMatchObject({
      alertedAt: null,
      lastOutcome: expect.stringContaining('was rotated since'),
    });
  });

  it('lets a key that is confined to fleets ask for these, and hears the others of the group all the same', async () => {
    await addSchedule();
    const { apiKeys } = api.installation.records;
    const elsewhere = await apiKeys.create('operator', randomUUID(), {
      fleetIds: [await recordFleet(api, 0)],
    });
    const refused = await send(webhook(), elsewhere.key);
    const unknown = await send(webhook({}, { fleet_id: randomUUID() }), elsewhere.key);
    expect(refused.outcome).toBe('ignored');
    // Whoever has no business with a fleet does not learn that it exists.
    expect(refused.because.replace(fleetId, '')).toBe(unknown.because.replace(/[0-9a-f-]{36}/, ''));
    const own = await apiKeys.create('operator', randomUUID(), { fleetIds: [fleetId] });
    expect(await send(webhook(), own.key)).toMatchObject({ outcome: 'asked' });
  });

  it('refuses what Alertmanager does not send', async () => {
    for (const body of [
      { ...webhook(), version: '3' },
      webhook({ fingerprint: 'x y' }),
      webhook({ startsAt: 'now' }),
    ]) {
      const { status, body: problem } = await api.call('POST', '/v1/alertmanager', { body });
      expect([status, problem.code]).toEqual([400, 'request.invalid']);
    }
  });
});
