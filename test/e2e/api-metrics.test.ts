import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkedBy } from '../kit/monitoring.js';
import { PlayedWorker } from './played-worker.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});
afterAll(() => api?.stop());

const read = async () => (await api.call('GET', '/metrics')).text;

describe('GET /metrics', () => {
  it('is for every role, by a bearer key, and for nobody who is confined to fleets', async () => {
    const { apiKeys } = api.installation.records;
    const fleetId = await recordFleet(api);
    const viewer = await apiKeys.create('viewer', 'prometheus');
    const confined = await apiKeys.create('viewer', 'elsewhere', { fleetIds: [fleetId] });
    const reply = await api.call('GET', '/metrics', { key: viewer.key });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect((await api.call('GET', '/metrics', { key: null })).body.code).toBe('request.unauthorised');
    expect((await api.call('GET', '/metrics', { key: confined.key })).body.code).toBe('request.out-of-scope');
  });

  it('tells of every fleet, and passes the linter of Prometheus', async () => {
    const fleetId = await recordFleet(api, 2);
    // What was read before is good for some seconds.
    await expect.poll(read, { timeout: 30_000 }).toContain(`fleet_id="${fleetId}",state="unchecked"} 2`);
    const metrics = await read();
    expect(metrics).toMatch(new RegExp(`windlass_client_ca_expiry_timestamp_seconds{.*"${fleetId}",ca=`));
    expect(await checkedBy('promtool', ['check', 'metrics'], metrics)).toEqual({ code: 0, said: '' });
  });

  it('names by its code what blocks a rotation, and no host', async () => {
    const fleetId = await recordFleet(api);
    const worker = new PlayedWorker(api.installation, await requestRotation(api, fleetId));
    worker.fails = ({ kind }) => kind === 'host.confirm';
    await worker.play((state) => [...state.effects.values()].some(({ status }) => status === 'failed'));
    await expect
      .poll(read, { timeout: 30_000 })
      .toMatch(new RegExp(`windlass_rotation_blocked{.*"${fleetId}",code="host.unreachable"} 1`));
    const hosts = (await api.call('GET', `/v1/fleets/${fleetId}/hosts`)).body.items;
    expect(await read()).not.toContain(hosts[0].name);
    expect(await read()).not.toContain(hosts[0].id);
  });
});
