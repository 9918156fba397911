import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditRecords, verifyAudit } from '#persistence';
import { explain, type RotationState, statusOf } from '#rotation';
import { digestOf } from '#trust';
import { type DebianPostgres, startDebianPostgres } from '../kit/debian-postgres.js';
import type { RigProcess } from './process.js';
import { Rig } from './rig.js';

let postgres: DebianPostgres;
let rig: Rig;

beforeEach(async () => {
  postgres = await startDebianPostgres();
  rig = await Rig.open({ databaseUrl: postgres.url });
});

afterEach(async () => {
  await rig?.stop();
  await postgres?.close();
});

const STANDS_STILL = ['blocked', 'paused'];

const decided = (kind: string) => (state: RotationState) =>
  [...state.decisions.values()].some(({ decision }) => decision.kind === kind);

/** A rotation that runs, and a dump that was made of its database when it was that far. */
async function dumpedWhen(reached: (state: RotationState) => boolean) {
  const during = await rig.process('during');
  const fleetId = await rig.record(during);
  await during.work();
  const rotationId = await rig.rotate(during, fleetId);
  await rig.until(during, rotationId, reached);
  return { during, rotationId, dump: await postgres.dump(rig.databaseUrl) };
}

async function onRestored(dump: string): Promise<RigProcess> {
  rig.databaseUrl = await postgres.restore(dump, 'restored');
  const after = await rig.process('after');
  await rig.expireLeases();
  await after.work();
  return after;
}

const served = () => rig.hosts.map(({ file }) => digestOf(file));

describe('a database that is dumped in mid-rotation, and restored', () => {
  it.each(['go', 'keep', 'activate', 'contract'])(
    'behind `%s`, everything lost at once: the rotation goes on to its end',
    async (kind) => {
      const { rotationId, dump } = await dumpedWhen(decided(kind));
      await rig.closeProcesses();
      const after = await onRestored(dump);
      const { ended } = await rig.ended(after, rotationId);
      expect(['succeeded', 'reverted']).toContain(ended?.status);
      expect(new Set(served()).size).toBe(1);
      expect(await rig.audit(after, rotationId)).toEqual([]);
      const head = await new AuditRecords(after.dataSource).head();
      expect(await verifyAudit(after.dataSource, head)).toMatchObject({ fault: null, journals: 1 });
    },
  );

  it.each(['go', 'keep', 'activate', 'contract'])(
    'behind `%s`, while the hosts went on: it stands still and says where, with all hosts on one side',
    async (kind) => {
      const { during, rotationId, dump } = await dumpedWhen(decided(kind));
      expect((await rig.ended(during, rotationId)).ended?.status).toBe('succeeded');
      const [live] = served();
      const kept = await new AuditRecords(during.dataSource).head();
      await rig.closeProcesses();
      const after = await onRestored(dump);
      const state = await rig.until(after, rotationId, (one) => STANDS_STILL.includes(statusOf(one)));
      expect(explain(state)).toContain('host-');
      await expect.poll(() => new Set(served()).size, { timeout: 30_000 }).toBe(1);
      expect((await verifyAudit(after.dataSource, kept)).fault?.kind).toBe('truncated');
      if (kind !== 'contract') return;
      await after.commands.resume({ rotationId, by: 'a test' });
      expect((await rig.ended(after, rotationId)).ended?.status).toBe('succeeded');
      expect(served()).toEqual(rig.hosts.map(() => live));
    },
  );
});
