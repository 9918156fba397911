import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningWorker } from '../../apps/worker/src/worker.js';
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

it('the only worker is asked to stop in the middle of a switch: it does, and the next one carries on', async () => {
  const process = await rig.process('stops');
  let worker: RunningWorker | null = null;
  const stopped = new Promise<void>((resolve, reject) => {
    process.onWritten((event) => {
      if (event.type === 'decision.made' && event.decision.kind === 'go')
        worker?.stop().then(resolve, reject);
    });
  });
  worker = await process.work();
  const id = await rig.rotate(person, fleetId);
  await stopped;
  const left = await person.commands.read(id);
  expect([left.ended, left.phase]).toEqual([null, 'expand']);
  expect([...left.effects.values()].filter(({ status }) => status === 'running')).toEqual([]);
  const next = await rig.process('goes on');
  await next.work();
  expect((await rig.ended(person, id)).ended?.status).toBe('succeeded');
  expect(await rig.audit(person, id)).toEqual([]);
  expect(process.errors).toEqual([]);
});
