import { type HostEffect, type HostEffectKind, hostEffect } from './effects.js';
import { perSnapshot } from './per-snapshot.js';
import type { RotationSnapshot, TransitionName } from './vocabulary.js';

const made = perSnapshot(() => new Map<string, Map<string, HostEffect>>());

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
  const steps = made(snapshot);
  const key = `${transition}.${attempt}/${kind}`;
  const known = steps.get(key) ?? new Map<string, HostEffect>();
  steps.set(key, known);
  return (hostId) => {
    const effect = known.get(hostId) ?? hostEffect(transition, attempt, kind, hostId);
    known.set(hostId, effect);
    return effect;
  };
}
