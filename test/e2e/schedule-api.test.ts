import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aScheduleBody } from './bodies.js';
import { expectFieldFault } from './expect-field-fault.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let fleetId: string;

beforeAll(async () => {
  api = await runApi();
  fleetId = await recordFleet(api, 0);
});

afterAll(() => api?.stop());

describe('a field that is wrong is named alone:', () => {
  it.each([
    ['rotateWhenDaysLeft', -1],
    ['cron', ''],
    ['cron', '* * *'],
    ['cron', '61 * * * *'],
    ['cron', '0 0 31 2 *'],
    ['cron', 'H 4 * * *'],
    ['cron', 'tomorrow'],
    ['timeZone', 'Mars/Olympus'],
    ['timeZone', '+02:00'],
    ['enabled', 'yes'],
    ['every', '1d'],
    ['kind', 'sometimes'],
    ['rotateWhenDaysLeft', undefined],
    ['rotateWhenDaysLeft', 365],
    ['rotateWhenHoursLeft', 0],
    ['rotateWhenHoursLeft', 12],
    ['rotateAtLifetimePercent', 100],
    ['rotateEachTime', true],
    ['jitterSeconds', -1],
    ['jitterSeconds', 86_400],
    ['repair', true],
    ['startOnAlert', 'yes'],
    ['windows', 'always'],
    ['windows', [{ days: ['sun'], from: '05:00', to: '06:00' }]],
  ])('%s = %j', async (field, value) => {
    await expectFieldFault(
      api,
      `/v1/fleets/${fleetId}/schedules`,
      aScheduleBody({ [field]: value }),
      `#/${field}`,
    );
  });

  it.each([
    ['days', ['someday'], 'days/0'],
    ['days', ['sun', 'sun'], 'days'],
    ['from', '24:00', 'from'],
    ['from', '9:00', 'from'],
    ['to', '02:00', 'to'],
    ['to', undefined, 'to'],
    ['zone', 'UTC', 'zone'],
  ])('a window with %s = %j', async (field, value, place) => {
    const window = { days: ['sun'], from: '02:00', to: '06:00', [field]: value };
    const body = aScheduleBody({ windows: [window] });
    await expectFieldFault(api, `/v1/fleets/${fleetId}/schedules`, body, `#/windows/0/${place}`);
  });

  it('that looks for drift has no rule for rotations, and no window', async () => {
    const path = `/v1/fleets/${fleetId}/schedules`;
    await expectFieldFault(api, path, aScheduleBody({ kind: 'drift' }), '#/rotateWhenDaysLeft');
    const windows = [{ from: '00:00', to: '06:00' }];
    await expectFieldFault(api, path, { kind: 'drift', cron: '@daily', windows }, '#/windows');
  });

  it('that does not rotate takes no alerts', async () => {
    const path = `/v1/fleets/${fleetId}/schedules`;
    const body = { kind: 'drift', cron: '@daily', startOnAlert: true };
    await expectFieldFault(api, path, body, '#/startOnAlert');
  });

  it('that refreshes CRLs is for a fleet that has some', async () => {
    const path = `/v1/fleets/${fleetId}/schedules`;
    await expectFieldFault(api, path, aScheduleBody({ kind: 'refresh' }), '#/kind');
  });

  it('that puts drift right has windows, for as long as it does so', async () => {
    const path = `/v1/fleets/${fleetId}/schedules`;
    const windows = [{ from: '00:00', to: '06:00' }];
    const body = { kind: 'drift', repair: true, cron: '@daily', windows };
    const created = await api.call('POST', path, { body });
    expect(created.body, created.text).toMatchObject({ kind: 'drift', repair: true });
    const at = `${path}/${created.body.id}`;
    const { explanation } = (await api.call('GET', at)).body;
    expect(explanation).toMatch(/^Looks for drift, and puts it right, at "@daily" in UTC\..* window/);
    const refused = await api.call('PATCH', at, { body: { repair: false } });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '#/windows']);
    expect((await api.call('PATCH', at, { body: { repair: false, windows: [] } })).body).toMatchObject({
      ...{ repair: false, windows: [] },
    });
  });

  it.each(['*/15 * * * *', '0 0 4 * * 1-5', '@daily', '0 4 L * *'])('cron = %j is fine', async (cron) => {
    const body = aScheduleBody({ cron, timeZone: 'UTC' });
    expect((await api.call('POST', `/v1/fleets/${fleetId}/schedules`, { body })).status).toBe(201);
  });
});

describe('schedules', () => {
  it('records, lists and removes a schedule', async () => {
    const path = `/v1/fleets/${await recordFleet(api, 0)}/schedules`;
    const created = await api.call('POST', path, { body: aScheduleBody() });
    expect(created.body).toMatchObject({
      ...aScheduleBody(),
      ...{ kind: 'rotate', rotateEachTime: false, windows: [], jitterSeconds: 0 },
      ...{ repair: false, enabled: true, startOnAlert: false, alertedAt: null },
      ...{ lastTickAt: null, lastOutcome: null, lastDrift: null, suspended: null, resumed: null },
      nextTickAt: expect.stringMatching(/T0[23]:00:00.000Z$/),
    });
    expect(created.headers.location).toBe(`${path}/${created.body.id}`);
    expect((await api.call('GET', path)).body.items).toEqual([created.body]);
    expect((await api.call('DELETE', `${path}/${created.body.id}`)).status).toBe(204);
    expect((await api.call('DELETE', `${path}/${created.body.id}`)).body.code).toBe('schedule.not-found');
    expect((await api.call('GET', path)).body.items).toEqual([]);
  });

  it('changes a schedule as a whole or not at all, and works its next tick out anew', async () => {
    const path = `/v1/fleets/${await recordFleet(api, 0)}/schedules`;
    const windows = [{ days: ['sat'], from: '22:00', to: '04:00' }];
    const { id } = (await api.call('POST', path, { body: aScheduleBody({ timeZone: 'UTC' }) })).body;
    const change = (body: object) => api.call('PATCH', `${path}/${id}`, { body });
    const night = await change({ cron: '30 23 * * 6', windows, jitterSeconds: 60 });
    expect(night.body).toMatchObject({ rotateWhenDaysLeft: 30, windows, jitterSeconds: 60 });
    expect(night.body.nextTickAt).toMatch(/T23:30:\d\d.\d{3}Z$/);
    const refused = await change({ timeZone: 'Asia/Tokyo', cron: '0 12 * * *' });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '#/windows']);
    expect((await change({ rotateAtLifetimePercent: 66 })).body).toMatchObject({
      ...{ rotateWhenDaysLeft: null, rotateAtLifetimePercent: 66, timeZone: 'UTC', windows },
    });
    expect((await change({ rotateEachTime: true })).body).toMatchObject({
      ...{ rotateAtLifetimePercent: null, rotateEachTime: true },
    });
    expect((await change({ rotateEachTime: false })).body.errors[0].pointer).toBe('#/rotateWhenDaysLeft');
    expect((await change({ enabled: false })).body).toMatchObject({ enabled: false, nextTickAt: null });
    const read = await api.call('GET', `${path}/${id}`);
    expect(read.body).toMatchObject({ dueAt: null, explanation: expect.stringMatching(/^Disabled/) });
  });

  it('says of a schedule what it will do, also while the CA does not answer', async () => {
    const path = `/v1/fleets/${await recordFleet(api, 0)}/schedules`;
    const { id } = (await api.call('POST', path, { body: aScheduleBody() })).body;
    const { body } = await api.call('GET', `${path}/${id}`);
    expect(body).toMatchObject({ dueAt: null, nextWindow: null });
    expect(body.explanation).toMatch(
      /looking at "0 4 \* \* \*" in Europe\/Berlin\. When that is cannot be told now: /,
    );
    const resumed = await api.call('POST', `${path}/${id}:resume`, { body: { reason: 'why not' } });
    expect([resumed.status, resumed.body.code]).toEqual([409, 'schedule.not-suspended']);
    const [nobody] = [`${path.replace(/fleets\/[^/]+/, 'fleets/7')}/${id}`];
    expect((await api.call('GET', nobody)).body.code).toBe('schedule.not-found');
    expect((await api.call('PATCH', nobody, { body: {} })).body.code).toBe('schedule.not-found');
  });
});
