import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decisionKey, type RotationEvent } from '#rotation';
import type { RigProcess } from './process.js';
import { Rig } from './rig.js';

let rig: Rig;
let person: RigProcess;
let fleetId: string;

beforeAll(async () => {
  rig = await Rig.open();
  person = await rig.process('person');
  fleetId = await rig.record(person);
});

afterAll(() => rig?.stop());

/** A worker that is killed as soon as it has written a decision of that kind. */
async function workerDyingAfter(kind: string): Promise<{ worker: RigProcess; dead: Promise<void> }> {
  const worker = await rig.process(`dies after ${kind}`);
  const dead = new Promise<void>((resolve) => {
    worker.onWritten((event) => {
      if (event.type !== 'decision.made' || event.decision.kind !== kind) return;
      worker.life.kill();
      resolve();
    });
  });
  await worker.work();
  return { worker, dead };
}

const decisionsOf = (events: readonly RotationEvent[]) =>
  events.flatMap((event) => (event.type === 'decision.made' ? [decisionKey(event.decision)] : []));

describe('F04: killed between a decision and its first effect', () => {
  it('each decision is carried on by the next worker, and none is made twice', async () => {
    const id = await rig.rotate(person, fleetId);
    for (const kind of ['go', 'keep', 'activate', 'contract']) {
      const { dead } = await workerDyingAfter(kind);
      await Promise.race([dead, rig.ended(person, id)]);
      const state = await person.commands.read(id);
      expect([...state.decisions.values()].at(-1)?.decision.kind).toBe(kind);
      await rig.expireLeases();
    }
    const last = await rig.process('survives');
    await last.work();
    const { ended } = await rig.ended(person, id);
    expect(ended?.status).toBe('succeeded');
    const events = (await person.parts.journal.read(id)).map(({ event }) => event);
    const decisions = decisionsOf(events);
    expect(new Set(decisions).size).toBe(decisions.length);
    expect(decisions.filter((key) => /^(outcome|activate|contract)/.test(key))).toEqual([
      ...['outcome/expand.1', 'activate.1', 'contract.1', 'outcome/contract.1'],
    ]);
    expect(await rig.audit(person, id)).toEqual([]);
    expect(rig.hosts.map(({ reloads }) => reloads)).toEqual([2, 2, 2]);
    expect(last.errors).toEqual([]);
  });
});
