import { createHash } from 'node:crypto';
import type { RotationSnapshot } from './vocabulary.js';

/** What a journal holds of the change of trust, as it was written. */
export interface ShownTrust {
  readonly snapshot: RotationSnapshot;
  /** Result of `generations.build`. */
  readonly built: object;
  /** Result of `samples.verify`. */
  readonly samples: object;
}

/**
 * Lower-case hex SHA-256 of all that is shown of a change of trust: the generations of every fleet of the rotation,
 * which the digests of their bundles stand for, the anchors that come and go, and the verdict of every sample.
 */
export function digestOfShown({ snapshot, built, samples }: ShownTrust): string {
  const fleets = [snapshot, ...snapshot.otherFleets].map(({ fleetId, fleetName, old }) => ({
    ...{ fleetId, fleetName, old },
  }));
  return createHash('sha256').update(JSON.stringify({ fleets, built, samples }, inOrder)).digest('hex');
}

/** A database gives the names of an object back in an order of its own. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
