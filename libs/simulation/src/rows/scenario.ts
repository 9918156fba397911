import { expect } from 'vitest';
import type { RotationEvent } from '#rotation';
import { statusOf } from '#rotation';
import { type Enacted, enact, type SimulationOptions } from '../simulate.js';
import type { World } from '../world.js';

/** Enacts the same trouble in so many worlds that differ in everything else; none may breach an invariant. */
export async function inWorlds(
  seeds: number,
  options: Omit<SimulationOptions, 'seed'>,
  look: (enacted: Enacted) => void,
): Promise<void> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const enacted = await enact({
      faults: [],
      hosts: 4,
      workers: 2,
      fleets: 1,
      strategy: 'overlap',
      approval: 'none',
      ...options,
      seed,
    });
    expect(enacted.result.breaches, `seed ${seed}: ${enacted.result.explanation}`).toEqual([]);
    look(enacted);
  }
}

export const isIntent = (id: RegExp) => (event: RotationEvent) =>
  event.type === 'effect.intended' && id.test(event.effect.id);

export const isSuccess = (id: RegExp) => (event: RotationEvent) =>
  event.type === 'effect.succeeded' && id.test(event.effectId);

export const isFailure = (id: RegExp) => (event: RotationEvent) =>
  event.type === 'effect.failed' && id.test(event.effectId);

export function eventsOf({ world, state }: Enacted): readonly RotationEvent[] {
  return world.observer.journalOf(state.snapshot.rotationId).map(({ event }) => event);
}

export function count(enacted: Enacted, matches: (event: RotationEvent) => boolean): number {
  return eventsOf(enacted).filter(matches).length;
}

/** How often the scope changed hands. */
export function takeovers(enacted: Enacted, scope: string): number {
  return count(enacted, (event) => event.type === 'term.taken' && event.scope === scope);
}

/** Ended, in one of these ways. */
export function expectEnd(enacted: Enacted, ...statuses: string[]): void {
  expect(statuses, enacted.result.explanation).toContain(statusOf(enacted.state));
}

/** What the rotation says of itself every 100 ms, as somebody sees it who looks all the time. */
export function statusesOver(world: World): Set<string> {
  const seen = new Set<string>();
  const look = () => {
    if (world.state) seen.add(statusOf(world.state));
    if (!world.state?.ended) world.time.after(100, look);
  };
  world.time.after(100, look);
  return seen;
}
