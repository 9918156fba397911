import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kindOf, WebhookRig } from './webhooks.rig.js';

const SOON = { timeout: 60_000, interval: 100 };

let rig: WebhookRig;
let workers: ChildProcess[];

beforeEach(async () => {
  rig = await WebhookRig.open();
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map(killed));
  await rig?.stop();
});

async function killed(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
}

/** The program, compiled, as a user starts it, on the database of the rig. */
function startWorker(): ChildProcess {
  const { databaseUrl, masterKey } = rig.api;
  const worker = spawn(process.execPath, ['dist/apps/worker/src/main.js'], {
    env: {
      PATH: process.env.PATH ?? '',
      ...{ DATABASE_URL: databaseUrl, WINDLASS_MASTER_KEY: masterKey.reveal(), LOG_LEVEL: 'warn' },
      WINDLASS_WEBHOOK_ALLOWED_RANGES: '127.0.0.0/8',
    },
    stdio: 'ignore',
  });
  workers.push(worker);
  return worker;
}

const ids = () => rig.receiver.received.map(({ headers }) => String(headers['webhook-id']));

describe('a worker that is killed', () => {
  it('between sending and recording has its events sent again under the same ids, and loses none', async () => {
    const { id, secret } = await rig.endpoint();
    const rotation = await rig.rotation();
    rig.receiver.answer = 'hang';
    const first = startWorker();
    await expect.poll(() => ids().length, SOON).toBeGreaterThan(0);
    await killed(first);
    const sent = ids();
    rig.receiver.answer = 204;
    // The minute passes in which they are the first worker's.
    await rig.api.installation.dataSource.query(
      `UPDATE webhook_deliveries SET claimed_until = now() - interval '1 second' WHERE claimed_until IS NOT NULL`,
    );
    startWorker();
    const ended = async () =>
      (await rig.deliveries(id)).filter(({ eventType }) => eventType === 'dev.windlass.rotation.refused');
    await expect.poll(ended, SOON).toMatchObject([{ status: 'delivered' }]);
    const pending = async () => (await rig.deliveries(id)).filter(({ status }) => status !== 'delivered');
    await expect.poll(pending, SOON).toEqual([]);
    for (const one of sent) expect(ids().filter((other) => other === one)).toHaveLength(2);
    const told = rig.told(secret);
    expect(told.map(kindOf).at(0)).toBe('started');
    expect(told.map(kindOf).at(-1)).toBe('refused');
    expect(new Set(ids())).toEqual(new Set((await rig.deliveries(id)).map(({ eventId }) => eventId)));
    for (const { data } of told) expect(data).toMatchObject({ rotationId: rotation.id });
  });

  it('with nobody after it leaves what happened in the journal, to be told by the next one', async () => {
    const { id, secret } = await rig.endpoint();
    const { worker } = await rig.rotation();
    await worker.play(() => false);
    expect(await rig.deliveries(id)).toEqual([]);
    startWorker();
    await expect.poll(() => rig.told(secret).map(kindOf).at(-1), SOON).toBe('succeeded');
  });
});
