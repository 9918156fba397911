import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ANYTHING, anEvent, FAILED, first, HOUR_MS, WebhookRows, WHOLE_LOG } from './webhook-rows.js';

describe('webhooks as a person has them', () => {
  let rows: WebhookRows;

  beforeAll(async () => {
    rows = await WebhookRows.open();
  });
  afterEach(() => rows.clear());
  afterAll(() => rows.stores.close());

  it('lets a delivery be sent again under its id, with all its tries, and not one that is on its way', async () => {
    const id = await rows.endpoint();
    await rows.tell(anEvent());
    const delivery = first(await rows.claim());
    const again = () => rows.deliveries.redeliver(id, delivery.id, 'ana', new Date(rows.now));
    await expect(again()).rejects.toMatchObject({ problem: { code: 'webhook-delivery.pending' } });
    await rows.store.settle(delivery, rows.outcome(FAILED));
    expect(await again()).toMatchObject({ status: 'pending', attempts: 0, redeliveredBy: 'ana' });
    expect(await rows.claim()).toMatchObject([{ eventId: delivery.eventId, attempt: 1 }]);
    for (const unknown of [randomUUID(), 'none']) {
      await expect(rows.deliveries.redeliver(id, unknown, 'ana', new Date(rows.now))).rejects.toMatchObject({
        problem: { code: 'webhook-delivery.not-found' },
      });
      await expect(rows.deliveries.list(unknown, null, WHOLE_LOG)).rejects.toMatchObject({
        problem: { code: 'webhook.not-found' },
      });
    }
  });

  it('reads the log in pages, newest first, and by status', async () => {
    const id = await rows.endpoint();
    const ids = Array.from({ length: 5 }, () => randomUUID());
    for (const one of ids) await rows.tell(anEvent({ id: one }));
    await rows.store.settle(first(await rows.claim(1)), rows.outcome());
    const seen: string[] = [];
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const { items, nextCursor } = await rows.deliveries.list(id, null, { cursor, limit: 2 });
      seen.push(...items.map(({ eventId }) => eventId));
      cursor = nextCursor;
    }
    expect(seen).toEqual(ids.toReversed());
    expect((await rows.deliveries.list(id, 'delivered', WHOLE_LOG)).items).toHaveLength(1);
  });

  it('rotates a secret: both are good until the time is over, and neither is stored as it is', async () => {
    const { webhook, secret } = await rows.endpoints.create(ANYTHING, 'ana');
    const { id } = webhook;
    rows.now = Date.now();
    const revealed = async (at: number) => (await rows.store.secrets(id, at)).map((one) => one.reveal());
    expect(await revealed(rows.now)).toEqual([secret.reveal()]);
    const { secret: next } = await rows.endpoints.rotateSecret(id, new Date(rows.now + HOUR_MS));
    expect(await revealed(rows.now)).toEqual([next.reveal(), secret.reveal()]);
    expect(await revealed(rows.now + HOUR_MS)).toEqual([next.reveal()]);
    const [row] = await rows.stores.dataSource.query(
      'SELECT t::text FROM webhook_endpoints t WHERE id = $1',
      [id],
    );
    expect(row.t).not.toMatch(/whsec_/);
    expect(await rows.store.secrets(randomUUID(), rows.now)).toEqual([]);
  });

  it('finds a secret that was copied from another row closed', async () => {
    const [one, other] = [await rows.endpoint(), await rows.endpoint()];
    await rows.stores.dataSource.query(
      'UPDATE webhook_endpoints SET secret = (SELECT secret FROM webhook_endpoints WHERE id = $1) WHERE id = $2',
      [one, other],
    );
    await expect(rows.store.secrets(other, rows.now)).rejects.toMatchObject({
      problem: { code: 'secret.not-opened' },
    });
  });

  it('names fleets that there are, and removes an endpoint with its deliveries', async () => {
    const unknown = randomUUID();
    await expect(rows.endpoint({ fleetIds: [unknown] })).rejects.toMatchObject({
      problem: { code: 'fleet.not-found', message: expect.stringContaining(unknown) },
    });
    const id = await rows.endpoint();
    await rows.tell(anEvent());
    await expect(rows.endpoints.change(id, { fleetIds: [unknown] })).rejects.toThrow(unknown);
    await rows.endpoints.remove(id);
    expect(await rows.claim()).toEqual([]);
    await expect(rows.endpoints.remove(id)).rejects.toMatchObject({ problem: { code: 'webhook.not-found' } });
  });
});
