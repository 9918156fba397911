import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWebhookReceiver, verified } from '#kit';
import { kindOf, WebhookRig } from './webhooks.rig.js';

const WHOLE_LIFE = [
  ...['started', 'phase-changed', 'phase-changed', 'phase-changed', 'phase-changed', 'phase-changed'],
  'succeeded',
];
const DAY_MS = 86_400_000;

let rig: WebhookRig;

beforeEach(async () => {
  rig = await WebhookRig.open();
});
afterEach(() => rig?.stop());

const toTheEnd = () => false;

describe('webhooks', () => {
  it('tell the life of a rotation, signed, in the order of the journal', async () => {
    const { secret } = await rig.endpoint();
    const { worker, id } = await rig.rotation();
    await worker.play(toTheEnd);
    await rig.lookAtAll();
    const told = rig.told(secret);
    expect(told.map(kindOf)).toEqual(WHOLE_LIFE);
    for (const event of told) {
      const sequence = Number(event.data?.sequence);
      expect(event.id).toBe(`${id}:${sequence}:${kindOf(event)}`);
      const [entry] = await rig.api.installation.parts.journal.read(id, sequence - 1);
      expect(event.time).toBe(entry?.at);
    }
  });

  it('tell each endpoint of its fleets and its types, and of what happens after it was made', async () => {
    const ours = await rig.rotation();
    const fleetIds = [await rig.fleet()];
    const late = await rig.endpoint();
    const scoped = await rig.endpoint({ fleetIds });
    const ends = await rig.endpoint({ eventTypes: ['dev.windlass.rotation.succeeded'] });
    await ours.worker.play(toTheEnd);
    const other = await rig.rotation(fleetIds[0]);
    await rig.lookAtAll();
    const told = async ({ id }: { id: string }) =>
      (await rig.deliveries(id)).map(({ eventId }) => String(eventId).replace(/:\d+:/, ' ')).toSorted();
    const started = `${other.id} started`;
    expect(await told(scoped)).toEqual([started]);
    expect(await told(ends)).toEqual([`${ours.id} succeeded`]);
    // Its start was before.
    const life = WHOLE_LIFE.slice(1).map((kind) => `${ours.id} ${kind}`);
    expect(await told(late)).toEqual([...life, started].toSorted());
  });

  it('keep everything for a receiver that is down, and bring it when that is back', async () => {
    const { id, secret } = await rig.endpoint();
    await rig.receiver.stop();
    const { worker } = await rig.rotation();
    await worker.play(toTheEnd);
    for (const pause of [0, 5_000, 15_000]) {
      rig.now += pause;
      for (let round = 0; round < 3; round += 1) await rig.look();
    }
    const waiting = await rig.deliveries(id);
    expect(waiting).toHaveLength(WHOLE_LIFE.length);
    for (const one of waiting) {
      expect(one).toMatchObject({ status: 'pending', attempts: 3, responseCode: null });
      expect(one.error).toContain('127.0.0.1 could not be reached: ECONNREFUSED');
      expect(Date.parse(one.nextAttemptAt)).toBe(rig.now + 45_000);
    }
    const back = await startWebhookReceiver({ port: rig.receiver.port });
    rig.now += 44_999;
    await rig.look();
    expect(back.received).toEqual([]);
    rig.now += 1;
    for (let round = 0; round < 3; round += 1) await rig.look();
    expect(back.received.map((one) => kindOf(verified(one, secret))).toSorted()).toEqual(
      WHOLE_LIFE.toSorted(),
    );
    for (const one of await rig.deliveries(id))
      expect(one).toMatchObject({ status: 'delivered', attempts: 4 });
    await back.stop();
  });

  it('are given up after a day, with the endpoint, until a person asks for them again', async () => {
    const { id } = await rig.endpoint({ eventTypes: ['dev.windlass.rotation.started'] });
    await rig.rotation();
    rig.receiver.answer = 503;
    const begun = rig.now;
    for (let attempt = 1; attempt <= 14; attempt += 1) {
      await rig.look();
      const [one] = await rig.deliveries(id);
      expect(one).toMatchObject({
        attempts: attempt,
        responseCode: 503,
        error: 'The receiver answered 503.',
      });
      if (attempt < 14) rig.now = Date.parse(one.nextAttemptAt);
    }
    expect(rig.now - begun).toBeGreaterThan(0.9 * DAY_MS);
    const [given] = await rig.deliveries(id);
    expect(given).toMatchObject({ status: 'failed', nextAttemptAt: null });
    const shown = (await rig.api.call('GET', `/v1/webhooks/${id}`)).body;
    expect(shown).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('answered 503') });
    rig.receiver.answer = 204;
    await rig.api.call('PATCH', `/v1/webhooks/${id}`, { body: { enabled: true } });
    const again = await rig.api.call('POST', `/v1/webhooks/${id}/deliveries/${given.id}:redeliver`);
    expect(again.body).toMatchObject({ status: 'pending', attempts: 0, redeliveredBy: expect.any(String) });
    await rig.look();
    expect(await rig.deliveries(id)).toMatchObject([{ status: 'delivered', responseCode: 204 }]);
    expect(new Set(rig.receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('end at once where the receiver says that it wants nothing more', async () => {
    const { id } = await rig.endpoint();
    await rig.rotation();
    rig.receiver.answer = 410;
    await rig.look();
    const shown = (await rig.api.call('GET', `/v1/webhooks/${id}`)).body;
    expect(shown).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('410') });
    await rig.rotation();
    await rig.look();
    expect(rig.receiver.received).toHaveLength(1);
  });

  it('are tried once by a person, and a test that fails disables nothing', async () => {
    const { id, secret } = await rig.endpoint({ eventTypes: ['dev.windlass.rotation.blocked'] });
    const test = () => rig.api.call('POST', `/v1/webhooks/${id}:test`);
    const { body } = await test();
    await rig.look();
    expect(rig.told(secret)).toMatchObject([{ id: body.eventId, type: 'dev.windlass.webhook.test' }]);
    rig.receiver.answer = 410;
    await test();
    await rig.look();
    expect((await rig.deliveries(id))[0]).toMatchObject({ status: 'failed', attempts: 1, responseCode: 410 });
    expect((await rig.api.call('GET', `/v1/webhooks/${id}`)).body).toMatchObject({ enabled: true });
  });

  it('are signed with both secrets while one takes the place of the other, and then with the new one', async () => {
    const { id, secret } = await rig.endpoint();
    const rotate = `/v1/webhooks/${id}:rotate-secret`;
    const next = (await rig.api.call('POST', rotate, { body: { overlapSeconds: 3_600 } })).body.secret;
    await rig.api.call('POST', `/v1/webhooks/${id}:test`);
    await rig.look();
    expect([rig.told(secret).length, rig.told(next).length]).toEqual([1, 1]);
    const leaked = (await rig.api.call('POST', rotate, { body: { overlapSeconds: 0 } })).body.secret;
    await rig.api.call('POST', `/v1/webhooks/${id}:test`);
    await rig.look();
    const last = rig.receiver.received.at(-1);
    if (last === undefined) throw new Error('nothing came');
    expect(verified(last, leaked).type).toBe('dev.windlass.webhook.test');
    for (const old of [secret, next]) expect(() => verified(last, old)).toThrow();
  });

  it('tell of drift that a schedule finds', async () => {
    const { secret } = await rig.endpoint();
    const { fleetId } = await rig.rotation();
    const settings = { kind: 'drift', cron: '0 3 * * *' };
    const path = `/v1/fleets/${fleetId}/schedules`;
    const { id } = (await rig.api.call('POST', path, { body: settings })).body;
    const problem = { code: 'drift.other', message: 'edge-1 differs.', nextStep: 'Sync it.' };
    const out = [{ hostId: 'h1', host: 'edge-1', state: 'drifted', problems: [problem] }];
    const drift = { at: new Date(rig.now).toISOString(), inSync: false, generation: 1, hosts: 1, out };
    await rig.api.installation.dataSource.query('UPDATE schedules SET last_drift = $2 WHERE id = $1', [
      id,
      JSON.stringify(drift),
    ]);
    await rig.lookAtAll();
    await rig.lookAtAll();
    const found = rig.receiver.received
      .map((one) => verified(one, secret))
      .filter((one) => kindOf(one) === 'found');
    expect(found).toMatchObject([
      { subject: `/v1/fleets/${fleetId}`, data: { outCount: 1, out: [{ host: { name: 'edge-1' } }] } },
    ]);
  });

  it('are told once each by workers that look at the same time', async () => {
    const { id } = await rig.endpoint();
    const { worker } = await rig.rotation();
    const looking = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let round = 0; round < 12; round += 1) await rig.look();
      }),
    );
    await worker.play(toTheEnd);
    await looking;
    await rig.lookAtAll();
    expect(await rig.deliveries(id)).toHaveLength(WHOLE_LIFE.length);
    expect(rig.receiver.received).toHaveLength(WHOLE_LIFE.length);
    expect(rig.errors).toEqual([]);
  });
});
