import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapPki } from '#ca-source';
import type { TestVault } from '#kit';
import { MonitoredFleet } from './monitored-fleet.js';
import type { ServedFleet } from './served-fleet.js';

const DAY_SECONDS = 86_400;
const SOON = { timeout: 60_000, interval: 200 };

/** As it is copied from page to page. */
const COPIED = {
  alert: 'CopiedNginxClientCABundleExpiryWarning',
  expr: `probe_ssl_earliest_cert_expiry - time() < 30 * ${DAY_SECONDS}`,
  labels: { severity: 'warning' },
};
/** As it is corrected, by people who let it ask for a rotation. */
const ASKING = {
  alert: 'ClientCaEndsSoRotate',
  expr: `windlass_client_ca_expiry_timestamp_seconds - time() < 30 * ${DAY_SECONDS}`,
  labels: { severity: 'warning', windlass_action: 'rotate' },
};
const CORRECTED = 'NginxClientCABundleExpiryWarning';

let served: ServedFleet;
let monitored: MonitoredFleet;
let fleetId: string;

/** The client CA has ten days left; the server certificate, of another CA, a year. */
async function tenDays(vault: TestVault) {
  const blueprint = { mount: 'pki', role: 'clients', commonName: 'Ending client CA' };
  const root = await bootstrapPki(vault.address, vault.token, { ...blueprint, ttlSeconds: 10 * DAY_SECONDS });
  return { anchorsPem: [root.certificatePem] };
}

beforeAll(async () => {
  monitored = await MonitoredFleet.open(tenDays, [COPIED, ASKING]);
  served = monitored.served;
  fleetId = await served.record({ caTtlSeconds: 90 * DAY_SECONDS, contractWhen: 'soaked' });
});
afterAll(async () => {
  await monitored?.stop();
});

describe('a client CA that ends', () => {
  it('raises an alert that reaches people, by the rules as they are shipped', async () => {
    await expect.poll(() => monitored.sent(CORRECTED).length, SOON).toBeGreaterThan(0);
    const [alert] = monitored.sent(CORRECTED);
    expect(alert).toMatchObject({
      status: 'firing',
      labels: { severity: 'warning', fleet_id: fleetId, ca: 'CN=Ending client CA' },
      annotations: { summary: expect.stringMatching(/client CA CN=Ending client CA ends in 9d/) },
    });
    expect(monitored.receiver.received[0]?.path).toBe('/people');
  });

  it('is not seen by the rule as it is copied, which has all that it asks for', async () => {
    await expect.poll(() => monitored.query('probe_success'), SOON).toEqual([1]);
    await expect.poll(() => monitored.rule(COPIED.alert), SOON).toEqual({ state: 'inactive', health: 'ok' });
    const [left = 0] = await monitored.query('(probe_ssl_earliest_cert_expiry - time()) / 86400');
    expect(left).toBeGreaterThan(300);
    expect(await monitored.rule(CORRECTED)).toEqual({ state: 'firing', health: 'ok' });
    expect(monitored.sent(COPIED.alert)).toEqual([]);
  });

  it('starts nothing by itself, and the rotation of a schedule that takes alerts', async () => {
    const rotations = async () =>
      (await served.api.call('GET', `/v1/rotations?fleetId=${fleetId}`)).body.items;
    await expect.poll(() => monitored.sent(ASKING.alert).length, SOON).toBeGreaterThan(0);
    const asked = () => served.api.logLines.filter((line) => line.includes('"/v1/alertmanager"'));
    await expect.poll(() => asked().length, SOON).toBeGreaterThan(1);
    expect(await rotations()).toEqual([]);
    const body = { rotateWhenDaysLeft: 1, cron: '0 4 1 1 *', startOnAlert: true };
    expect((await served.api.call('POST', `/v1/fleets/${fleetId}/schedules`, { body })).status).toBe(201);
    await expect.poll(async () => (await rotations()).length, SOON).toBe(1);
    const [{ id }] = await rotations();
    const ended = await served.ended(id);
    expect(ended).toMatchObject({ status: 'succeeded', requestedBy: expect.stringMatching(/^schedule /) });
  });

  it('is told to be over once the fleet serves another CA', async () => {
    const resolved = () => monitored.sent(CORRECTED).filter(({ status }) => status === 'resolved');
    await expect.poll(() => resolved().length, SOON).toBeGreaterThan(0);
    const left = `(windlass_client_ca_expiry_timestamp_seconds - time()) / ${DAY_SECONDS} > 80`;
    expect(await monitored.query(left)).toHaveLength(1);
    expect(await monitored.query('windlass_rotations_total{outcome="succeeded"}')).toEqual([1]);
  });

  it('leaves behind how long each phase took, the skew of each switch, and what was probed', async () => {
    const counted = (metric: string) => monitored.query(`${metric}{job="windlass-worker"}`);
    await expect.poll(() => counted('windlass_rotation_duration_seconds_count'), SOON).toEqual([1]);
    expect(await counted('windlass_phase_duration_seconds_count')).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await counted('windlass_wave_skew_seconds_count')).toEqual([1, 1]);
    const [refused = 0] = await monitored.query(
      'windlass_probes_total{job="windlass-worker",answer="refused"}',
    );
    expect(refused).toBeGreaterThan(0);
    expect(
      await monitored.query('count(windlass_effect_duration_seconds_count{effect="host.commit"})'),
    ).toEqual([1]);
  });
});
