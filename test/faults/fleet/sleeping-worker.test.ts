import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RotationEvent } from '#rotation';
import { FaultyFleet } from './faulty-fleet.js';

const PATIENCE = { timeout: 60_000, interval: 20 };

let fleet: FaultyFleet;

beforeAll(async () => {
  fleet = await FaultyFleet.open({ hosts: 2 });
});

afterEach(() => fleet.endWorkers());
afterAll(() => fleet?.stop());

const termsOf = (events: readonly RotationEvent[]) =>
  events.flatMap((event) => ('term' in event && event.term !== null ? [event.term] : []));

it.each([
  ['F06: it sleeps before it sends a commit', 'commit'],
  ['F06: it sleeps before it sends a confirm', 'confirm'],
])('%s: the host refuses it, and nothing is written under its terms', async (_name, step) => {
  const id = await fleet.rotate();
  const sleeper = await fleet.worker(`before ${step} host-2`, 'SIGSTOP');
  await sleeper.stopped();
  const before = await fleet.events(id);
  await fleet.endSilentSessions();
  await fleet.expireLeases();
  await fleet.worker();
  const done = fleet.effectId(`expand.1/host.${step}/host-2`);
  await fleet.windlass.reached(id, ({ effects }) => effects.get(done)?.status === 'done');
  sleeper.wake();
  // What host-2 answers first is its answer to the message that the sleeper had in its hand.
  const answer = () => sleeper.lines.find((line) => line.startsWith(`${step} host-2:`));
  await expect.poll(answer, PATIENCE).toBe(`${step} host-2: host.stale-token`);
  await fleet.expectAllNew(id);
  const since = termsOf((await fleet.events(id)).slice(before.length));
  expect(since.filter((term) => termsOf(before).includes(term))).toEqual([]);
});
