import { EVENT_VERSION, type RotationEvent } from './events.js';
import type { RotationSnapshot, Timing } from './vocabulary.js';

/** What rotations are recorded with today, and what those of release 1 are carried on with. */
export const DEFAULT_TIMING: Timing = {
  voteMs: 60_000,
  deadlineMs: 120_000,
  marginMs: 10_000,
  drainMs: 600_000,
};
export const DEFAULT_BATCH_SIZE = 50;
/** Nobody wrote it down then. */
const BATCH_SIZE_OF_VERSION_1 = 25;

/** An event as some release wrote it. */
export interface StoredEvent {
  readonly v: number;
  readonly type: string;
}

/** A journal of a release that knows more than this one: nothing may be done with it. */
export class UnknownEventVersion extends Error {
  constructor(readonly version: number) {
    super(`journal entries of version ${version} are unknown to this release; run the newer one`);
    this.name = 'UnknownEventVersion';
  }
}

/** The event in today's shape. Throws {@link UnknownEventVersion}. */
export function upcast(stored: StoredEvent): RotationEvent {
  if (stored.v === EVENT_VERSION) return stored as RotationEvent;
  // Versions 3 to 6 only added: what was written before them means what it meant.
  if (stored.v >= 2 && stored.v < EVENT_VERSION) return { ...stored, v: EVENT_VERSION } as RotationEvent;
  if (stored.v === 1) return fromVersion1(stored as StoredEvent & Record<string, unknown>);
  throw new UnknownEventVersion(stored.v);
}

/** Version 1 had one worker and one lease for a whole rotation, and neither votes nor deadlines. */
function fromVersion1(event: StoredEvent & Record<string, unknown>): RotationEvent {
  const body = { ...event, v: EVENT_VERSION };
  switch (event.type) {
    case 'rotation.requested':
      return { ...body, snapshot: snapshotOf(event.snapshot as RotationSnapshot) } as RotationEvent;
    case 'term.taken':
      return { ...body, scope: 'all' } as unknown as RotationEvent;
    case 'effect.intended':
    case 'effect.succeeded':
    case 'effect.failed':
      return { ...body, term: null } as unknown as RotationEvent;
    default:
      return body as unknown as RotationEvent;
  }
}

function snapshotOf(snapshot: RotationSnapshot): RotationSnapshot {
  return { ...snapshot, batchSize: BATCH_SIZE_OF_VERSION_1, timing: DEFAULT_TIMING, otherFleets: [] };
}
