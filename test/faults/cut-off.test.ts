import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RotationEvent } from '#rotation';
import { explain, statusOf } from '#rotation';
import { digestOf } from '#trust';
import type { RigProcess } from './process.js';
import { type Relay, startRelay } from './relay.js';
import { Rig } from './rig.js';

const PATIENCE = { timeout: 60_000 };

let rig: Rig;
let relay: Relay;
let person: RigProcess;
let worker: RigProcess;
let fleetId: string;

beforeEach(async () => {
  // Hosts wait eight seconds for the decision of the fleet.
  rig = await Rig.open({ hosts: 2, timing: { voteMs: 30_000, deadlineMs: 8_000, marginMs: 1_000 } });
  relay = await startRelay(rig.databaseUrl);
  person = await rig.process('person');
  worker = await rig.process('worker', relay.url);
  fleetId = await rig.record(person);
});

afterEach(async () => {
  relay.mend();
  await rig?.stop();
  await relay?.stop();
});

const steps = () => rig.hosts.map(({ state }) => state?.step);
const onOld = () => rig.hosts.every(({ digest }) => digest === digestOf(rig.bundle.content));

/** Calls `strike` when the last host is switched: all of them wait for the decision then. */
function whenSwitched(strike: () => void): Promise<void> {
  let switched = 0;
  return new Promise((resolve) => {
    worker.onWritten((event: RotationEvent) => {
      if (event.type !== 'effect.succeeded' || !event.effectId.startsWith('expand.1/host.commit/')) return;
      switched += 1;
      if (switched < rig.hosts.length) return;
      strike();
      resolve();
    });
  });
}

describe('F41: all hosts are switched and undecided', () => {
  it('the worker is cut from PostgreSQL: it lets every host go back by itself, then decides so', async () => {
    const cut = whenSwitched(() => relay.cut());
    await worker.work();
    const id = await rig.rotate(person, fleetId);
    await cut;
    expect(onOld()).toBe(false);
    await expect.poll(steps, PATIENCE).toEqual(['returned', 'returned']);
    expect(onOld()).toBe(true);
    const meanwhile = await person.commands.read(id);
    expect([meanwhile.ended, meanwhile.decisions.has('outcome/expand.1')]).toEqual([null, false]);
    relay.mend();
    const state = await rig.ended(person, id);
    expect(state.ended?.status).toBe('reverted');
    expect(state.ended?.because).toContain('waited too long for the decision of the fleet');
    expect(onOld()).toBe(true);
    expect(await rig.audit(person, id)).toEqual([]);
  });

  it('the worker is cut from the hosts: they go back, and it says blocked until it has seen that', async () => {
    const paths = rig.hosts.flatMap(({ id }) =>
      [id, `${id} https`].map((to) => rig.network.path('worker', to)),
    );
    const cut = whenSwitched(() => {
      for (const path of paths) path.cut = true;
    });
    await worker.work();
    const id = await rig.rotate(person, fleetId);
    await cut;
    await expect.poll(steps, PATIENCE).toEqual(['returned', 'returned']);
    const blocked = await rig.until(person, id, (state) => statusOf(state) === 'blocked');
    expect(explain(blocked)).toMatch(/Blocked on host-[12] since .* gives no answer/);
    expect(onOld()).toBe(true);
    for (const path of paths) path.cut = false;
    const state = await rig.ended(person, id);
    expect(state.ended?.status).toBe('reverted');
    expect(onOld()).toBe(true);
    expect(await rig.audit(person, id)).toEqual([]);
  });
});
