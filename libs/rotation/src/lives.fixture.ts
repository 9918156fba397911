import type { Effect } from './effects.js';
import { EVENT_VERSION, type RotationEventBody } from './events.js';
import { IllegalEvent } from './illegal-event.js';
import { reduce } from './reduce.js';
import { Rehearsal } from './rehearsal.js';
import type { RotationState } from './state.js';

/** Why a person did something. */
export const REASON = { code: 'test', message: 'm', nextStep: 'n' };

/** An answer that lets every effect fail whose id has the fragment. */
export const failing = (fragment: string) => (effect: Effect) =>
  effect.id.includes(fragment) ? 'fails' : 'ok';

/** Lives that between them pass through every phase, every decision and every way to end. */
export const LIVES: readonly (() => Rehearsal)[] = [
  () => new Rehearsal(),
  () => new Rehearsal(failing('host.inspect/b')),
  () => new Rehearsal(failing('expand.1/host.stage/c')),
  () => new Rehearsal(failing('expand.1/host.prove/b')),
  () => new Rehearsal(failing('activate.1/host.canary/b')),
  () => new Rehearsal(failing('contract.1/host.stage/b')),
  () => new Rehearsal(failing('contract.1/host.prove/c')),
  pausedInMidSwitch,
  withoutOneHost,
];

/** Paused by a person between two waves: the switch is carried to its end first. */
function pausedInMidSwitch(): Rehearsal {
  const life = new Rehearsal();
  life.run((state) => state.decisions.has('go/expand.1/1'));
  life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
  return life;
}

/** One host dies behind `keep`, and a person gives it up. */
function withoutOneHost(): Rehearsal {
  const life = new Rehearsal(failing('expand.1/host.confirm/c'));
  life.run((state) => (state.effects.get('expand.1/host.confirm/c')?.attempts ?? 0) > 2);
  life.append({ type: 'retry.requested', by: 'person' });
  life.append({ type: 'host.decommissioned', hostId: 'c', by: 'person', because: 'it burnt down' });
  return life;
}

/** Every state that a life passes through, before and after each entry. */
export function statesOf(life: Rehearsal): RotationState[] {
  life.run();
  if (life.state.paused) {
    life.append({ type: 'rotation.resumed', by: 'person' });
    life.run();
  }
  const states: RotationState[] = [];
  let state: RotationState | null = null;
  for (const entry of life.entries) {
    state = reduce(state, entry);
    states.push(state);
  }
  return states;
}

/** The state after one more event, or null when it is illegal there. */
export function withEvent(state: RotationState, body: RotationEventBody): RotationState | null {
  const event = { ...body, v: EVENT_VERSION };
  try {
    return reduce(state, { sequence: state.sequence + 1, at: state.updatedAt, event });
  } catch (error) {
    if (error instanceof IllegalEvent) return null;
    throw error;
  }
}
