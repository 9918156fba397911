import { type HostEffect, type HostEffectKind, hostEffect } from './effects.js';
import { perSnapshot } from './per-snapshot.js';
import type { RotationSnapshot, TransitionName } from './vocabulary.js';

interface Made {
  readonly attempt: number;
  readonly effects: Map<string, HostEffect>;
}

/** Of the newest try of each transition: plans ask for no other. */
const made = perSnapshot(() => new Map<string, Made>());

/**
 * One step of a try (`expand`, 1) as it is done on each host: for the same host the same object. Every plan names every
 * host, and that of a large fleet would else be made of new ones each time.
 */
export function stepOn(
  snapshot: RotationSnapshot,
  transition: TransitionName,
  attempt: number,
  kind: HostEffectKind,
): (hostId: string) => HostEffect {
  const make = (hostId: string) => hostEffect(transition, attempt, kind, hostId);
  const steps = made(snapshot);
  const key = `${transition}/${kind}`;
  const newest = steps.get(key);
  if (newest && attempt < newest.attempt) return make;
  const effects = newest?.attempt === attempt ? newest.effects : new Map<string, HostEffect>();
  steps.set(key, { attempt, effects });
  return (hostId) => {
    const effect = effects.get(hostId) ?? make(hostId);
    effects.set(hostId, effect);
    return effect;
  };
}
