import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aFleet, anAppend, aRotation } from '../kit/stored-fleet.js';
import { anEvent, FAILED, first, HOUR_MS, MINUTE_MS, WebhookRows } from './webhook-rows.js';

describe('deliveries of webhooks as rows', () => {
  let rows: WebhookRows;

  beforeAll(async () => {
    rows = await WebhookRows.open();
  });
  afterEach(() => rows.clear());
  afterAll(() => rows.stores.close());

  describe('an announcement', () => {
    it('records a delivery for each endpoint that listens, and for no other', async () => {
      const [fleet, other] = [randomUUID(), randomUUID()];
      const listening = [
        await rows.endpoint(),
        await rows.endpoint({ fleetIds: null, eventTypes: ['dev.windlass.rotation.started'] }),
      ];
      const deaf = [
        await rows.endpoint({ eventTypes: ['dev.windlass.rotation.blocked'] }),
        await rows.endpoint({ enabled: false }),
      ];
      const scoped = await rows.stores.fleetRecords.createFleet(aFleet());
      const ofScope = await rows.endpoint({ fleetIds: [scoped.id] });
      await rows.tell(anEvent({ fleetIds: [fleet, other] }));
      for (const id of listening) expect(await rows.log(id)).toHaveLength(1);
      for (const id of [...deaf, ofScope]) expect(await rows.log(id)).toEqual([]);
      await rows.tell(anEvent({ fleetIds: [fleet, scoped.id] }));
      expect(await rows.log(ofScope)).toHaveLength(1);
    });

    it('tells an endpoint nothing of before it was made', async () => {
      const id = await rows.endpoint();
      await rows.tell(anEvent({ at: new Date(Date.now() - MINUTE_MS).toISOString() }), anEvent());
      expect(await rows.log(id)).toHaveLength(1);
    });

    it('is made once, whoever else makes it at the same time', async () => {
      const id = await rows.endpoint();
      const cursor = { source: 'rotation' as const, id: randomUUID(), after: 0 };
      const told = anEvent();
      const all = await Promise.all(Array.from({ length: 8 }, () => rows.store.announce(cursor, 3, [told])));
      expect(all.filter(Boolean)).toEqual([true]);
      expect(await rows.store.announce(cursor, 4, [anEvent()])).toBe(false);
      expect(await rows.store.announce({ ...cursor, after: 3 }, 4, [told, anEvent()])).toBe(true);
      expect(await rows.log(id)).toHaveLength(2);
    });

    it('leaves neither cursor nor delivery when it fails in the middle', async () => {
      const id = await rows.endpoint();
      const cursor = { source: 'rotation' as const, id: randomUUID(), after: 0 };
      await expect(
        rows.store.announce(cursor, 1, [anEvent(), anEvent({ fleetIds: ['none'] })]),
      ).rejects.toThrow();
      expect(await rows.log(id)).toEqual([]);
      expect(await rows.store.announce(cursor, 1, [anEvent()])).toBe(true);
    });
  });

  describe('what is behind', () => {
    const behind = async (id: string) => (await rows.store.rotationsBehind()).find((one) => one.id === id);

    it('is a journal that grew since it was told, while anybody listens', async () => {
      const id = await aRotation(rows.stores, await rows.stores.fleetRecords.createFleet(aFleet()));
      expect(await behind(id)).toBeUndefined();
      await rows.endpoint();
      await rows.stores.journal.append(anAppend(id, 1));
      expect(await behind(id)).toEqual({ source: 'rotation', id, after: 0 });
      await rows.store.announce({ source: 'rotation', id, after: 0 }, 2, []);
      expect(await behind(id)).toBeUndefined();
      await rows.stores.journal.append(anAppend(id, 2));
      expect(await behind(id)).toEqual({ source: 'rotation', id, after: 2 });
    });

    it('is drift that a schedule found last and nobody was told of', async () => {
      const fleet = await rows.stores.fleetRecords.createFleet(aFleet());
      const settings = { kind: 'drift' as const, cron: '0 3 * * *', timeZone: 'UTC', enabled: true };
      const { id } = await rows.stores.scheduleRecords.addSchedule(fleet.id, settings);
      await rows.endpoint();
      const untold = async () => (await rows.store.untoldDrift()).filter(({ cursor }) => cursor.id === id);
      const look = async (at: number, inSync: boolean) => {
        const drift = { at: new Date(at).toISOString(), inSync, generation: 1, hosts: 2, out: [] };
        await rows.stores.schedules.note(id, at, { at, outcome: '', nextTickAt: null, drift });
        return drift;
      };
      await look(rows.now, true);
      expect(await untold()).toEqual([]);
      const finding = await look(rows.now + 1, false);
      const cursor = { source: 'drift', id, after: 0 } as const;
      expect(await untold()).toEqual([{ cursor, fleetId: fleet.id, fleetName: fleet.name, finding }]);
      await rows.store.announce(cursor, rows.now + 1, []);
      expect(await untold()).toEqual([]);
      await look(rows.now + 2, false);
      expect(await untold()).toMatchObject([{ cursor: { after: rows.now + 1 } }]);
    });
  });

  describe('a claim', () => {
    it('gives a delivery to one of many, and to another when that one does not come back', async () => {
      const id = await rows.endpoint();
      await rows.tell(anEvent({ body: '{"a":1}' }));
      const all = (await Promise.all(Array.from({ length: 8 }, () => rows.claim()))).flat();
      expect(all).toMatchObject([
        { endpointId: id, body: '{"a":1}', url: 'https://hooks.example/', attempt: 1 },
      ]);
      rows.now += MINUTE_MS;
      const again = first(await rows.claim());
      expect(again).toMatchObject({ id: first(all).id, eventId: first(all).eventId, attempt: 2 });
      expect(await rows.store.settle(first(all), rows.outcome(FAILED))).toBe(false);
      await rows.store.settle(again, rows.outcome());
      expect(await rows.log(id)).toMatchObject([{ status: 'delivered', responseCode: 204, attempts: 2 }]);
    });

    it('takes four of one endpoint at once, so that a slow one holds up nobody', async () => {
      const slow = await rows.endpoint();
      await rows.tell(...Array.from({ length: 9 }, () => anEvent()));
      const quick = await rows.endpoint();
      const taken = await rows.claim();
      expect(taken.map((one) => one.endpointId)).toEqual([slow, slow, slow, slow]);
      expect(await rows.claim()).toEqual([]);
      await rows.tell(anEvent());
      expect((await rows.claim()).map((one) => one.endpointId)).toEqual([quick]);
      await rows.store.settle(first(taken), rows.outcome());
      expect((await rows.claim()).map((one) => one.endpointId)).toEqual([slow]);
    });

    it('takes the oldest first, and no more than was asked for', async () => {
      await rows.endpoint();
      const ids = ['a', 'b', 'c'].map((name) => `${randomUUID()}:${name}`);
      const at = (second: number) => new Date(Date.now() + second * 1_000).toISOString();
      await rows.tell(...[2, 0, 1].map((place) => anEvent({ id: ids[place] ?? '', at: at(place + 1) })));
      expect((await rows.claim(2)).map(({ eventId }) => eventId).sort()).toEqual(ids.slice(0, 2).sort());
      expect((await rows.claim(2)).map(({ eventId }) => eventId)).toEqual(ids.slice(2));
    });

    it('takes nothing for an endpoint that is disabled but a test', async () => {
      const id = await rows.endpoint();
      await rows.tell(anEvent());
      await rows.endpoints.change(id, { enabled: false });
      expect(await rows.claim()).toEqual([]);
      const test = await rows.deliveries.test(id, 'ana', new Date(rows.now));
      expect(await rows.claim()).toMatchObject([{ id: test.id, type: 'dev.windlass.webhook.test' }]);
      await rows.endpoints.change(id, { enabled: true });
      expect(await rows.claim()).toHaveLength(1);
    });
  });

  describe('a settlement', () => {
    it('plans the next try, and ends with the last', async () => {
      const id = await rows.endpoint();
      await rows.tell(anEvent());
      await rows.store.settle(
        first(await rows.claim()),
        rows.outcome({ ...FAILED, nextAttemptAt: rows.now + HOUR_MS }),
      );
      const waiting = { status: 'pending', responseCode: 500, error: 'The receiver answered 500.' };
      expect(await rows.log(id)).toMatchObject([{ ...waiting, nextAttemptAt: new Date(rows.now + HOUR_MS) }]);
      expect(await rows.claim()).toEqual([]);
      rows.now += HOUR_MS;
      await rows.store.settle(first(await rows.claim()), rows.outcome({ ...FAILED, responseCode: null }));
      expect(await rows.log(id)).toMatchObject([
        { status: 'failed', nextAttemptAt: null, responseCode: null, attempts: 2 },
      ]);
      rows.now += 24 * HOUR_MS;
      expect(await rows.claim()).toEqual([]);
    });

    const disable = { reason: 'nobody is there', when: 'unless-delivered' } as const;

    it('disables an endpoint that nothing reached since the first try, and tells why', async () => {
      const id = await rows.endpoint();
      await rows.tell(anEvent());
      const delivery = first(await rows.claim());
      expect(await rows.store.settle(delivery, rows.outcome({ ...FAILED, disable }))).toBe(true);
      const disabled = { enabled: false, disabledReason: 'nobody is there', disabledAt: new Date(rows.now) };
      expect(await rows.endpoints.get(id)).toMatchObject(disabled);
      const enabled = { enabled: true, disabledReason: null, disabledAt: null };
      expect(await rows.endpoints.change(id, { enabled: true })).toMatchObject(enabled);
    });

    it('leaves one enabled that something reached meanwhile, unless it wants nothing more', async () => {
      const id = await rows.endpoint();
      await rows.tell(anEvent(), anEvent());
      const [one, other] = await rows.claim();
      if (one === undefined || other === undefined) throw new Error('there are not two');
      await rows.store.settle(one, rows.outcome({ at: rows.now + 1 }));
      expect(await rows.store.settle(other, rows.outcome({ ...FAILED, disable }))).toBe(false);
      expect(await rows.endpoints.get(id)).toMatchObject({
        enabled: true,
        lastDeliveredAt: new Date(rows.now + 1),
      });
      await rows.deliveries.redeliver(id, other.id, 'ana', new Date(rows.now));
      const again = first(await rows.claim());
      const gone = rows.outcome({ ...FAILED, disable: { ...disable, when: 'at-once' } });
      expect(await rows.store.settle(again, gone)).toBe(true);
    });
  });

  it('keeps what is still to be sent, however old, and removes the rest when its time is over', async () => {
    const id = await rows.endpoint();
    await rows.tell(anEvent(), anEvent());
    await rows.store.settle(first(await rows.claim(1)), rows.outcome());
    expect(await rows.store.prune(Date.now() - MINUTE_MS)).toBe(0);
    expect(await rows.store.prune(Date.now() + MINUTE_MS)).toBe(1);
    expect(await rows.log(id)).toMatchObject([{ status: 'pending' }]);
    await rows.endpoints.change(id, { enabled: false });
    expect(await rows.store.prune(Date.now() + MINUTE_MS)).toBe(1);
  });
});
