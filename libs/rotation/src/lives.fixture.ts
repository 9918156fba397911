import { trustDiffDigest } from './approval.js';
import type { Effect } from './effects.js';
import { EVENT_VERSION, type RotationEventBody } from './events.js';
import { IllegalEvent } from './illegal-event.js';
import { reduce } from './reduce.js';
import { Rehearsal, START } from './rehearsal.js';
import type { RotationState } from './state.js';
import { usageVerdict } from './usage-gate.js';
import type { UsageVerdict } from './usage-verdict.js';
import type { RotationSnapshot, Strategy } from './vocabulary.js';

const HOUR = 3_600_000;

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
  () => gateOpensLater(),
  gateOverridden,
  () => approvedBy('second person'),
  () => live('replace'),
  () => live('sync'),
  () => live('refresh'),
  () => live('rehearse', 'contract.1/host.prove/c'),
  () => live('distrust'),
];

/** A life of another strategy, in which every effect fails whose id has the fragment. */
export function live(strategy: Strategy, fails = 'nothing'): Rehearsal {
  return new Rehearsal(failing(fails), null, { strategy, soakSeconds: 0 });
}

/** Paused by a person between two waves: the switch is carried to its end first. */
function pausedInMidSwitch(): Rehearsal {
  const life = new Rehearsal();
  life.run((state) => state.decisions.has('go/expand.1/1'));
  life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
  return life;
}

/** A client of the old CA that holds its certificate for three hours more. */
export function stillUsed(since: number, now: number): UsageVerdict {
  const ends = since + 3 * HOUR;
  const open = now >= ends;
  return {
    ...{ open, because: open ? 'nobody is left' : '1 client may still use CN=Old: pos', count: open ? 0 : 1 },
    ...{ opensAt: open ? null : new Date(ends).toISOString(), users: [] },
  };
}

/** Nobody hurries: the old CA goes when its last client is gone. */
export function gateOpensLater(instead: Partial<RotationSnapshot> = {}): Rehearsal {
  return new Rehearsal(undefined, (now) => stillUsed(START, now), instead);
}

/** A person does not wait for a client that will never come back. */
function gateOverridden(): Rehearsal {
  const life = new Rehearsal(undefined, (now) => stillUsed(now, now));
  life.run((state) => usageVerdict(state) !== null);
  life.append({ type: 'gate.overridden', by: 'person', because: 'pos was scrapped' });
  return life;
}

/** A fleet that asks for a second person, up to where nothing else keeps the old CA. */
export function awaitingApproval(): Rehearsal {
  const life = new Rehearsal(undefined, null, { approval: 'contract' });
  life.run();
  return life;
}

/** What a person writes who approves of what is ahead. */
export function approval(state: RotationState, by: string): RotationEventBody {
  return { type: 'contract.approved', by, digest: trustDiffDigest(state) ?? '' };
}

/** A second person looked at what is ahead, and approved. */
export function approvedBy(person: string): Rehearsal {
  const life = awaitingApproval();
  life.append(approval(life.state, person));
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
