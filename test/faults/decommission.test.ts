import { afterAll, beforeAll, expect, it } from 'vitest';
import { explain, statusOf } from '#rotation';
import type { RigProcess } from './process.js';
import { Rig } from './rig.js';

let rig: Rig;
let worker: RigProcess;
let fleetId: string;

beforeAll(async () => {
  rig = await Rig.open();
  worker = await rig.process('worker');
  fleetId = await rig.record(worker);
});

afterAll(() => rig?.stop());

it('F53: a blocked host is given up: the rotation ends with it named, and counts it in no more', async () => {
  const lost = rig.host(2);
  worker.onWritten((event) => {
    if (event.type === 'decision.made' && event.decision.kind === 'keep') lost.powerOff();
  });
  await worker.work();
  const id = await rig.rotate(worker, fleetId);
  const blocked = await rig.until(worker, id, (state) => statusOf(state) === 'blocked');
  expect(explain(blocked)).toContain('Blocked on host-3');
  const [first = '', , third = ''] = blocked.snapshot.waves.flat();
  const wish = { rotationId: id, by: 'an approver', because: 'it burnt down' };
  await expect(worker.commands.decommission({ ...wish, hostId: first })).rejects.toMatchObject({
    problem: { code: 'rotation.host-not-blocked' },
  });
  await worker.commands.decommission({ ...wish, hostId: third, revision: blocked.revision });

  const state = await rig.ended(worker, id);
  expect(state.ended?.status).toBe('succeeded');
  expect(explain(state)).toMatch(
    /all 2 hosts .* new CA only\.\nWithout host-3, which an approver decommissioned/,
  );
  expect(explain(state)).toContain('What it serves is unknown.');
  expect(await rig.audit(worker, id)).toEqual([]);

  const { lastRotatedAt } = await worker.records.fleets.getFleet(fleetId);
  expect(lastRotatedAt).not.toBeNull();
  const { decommissionedAt } = await worker.records.hosts.getHost(fleetId, third);
  expect(decommissionedAt).not.toBeNull();
  const next = await worker.commands.read(await rig.rotate(worker, fleetId));
  expect(next.snapshot.waves.flat()).toEqual(blocked.snapshot.waves.flat().slice(0, 2));
  await rig.ended(worker, next.snapshot.rotationId);
});
