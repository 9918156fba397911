import {
  fleetsOf,
  generationsFor,
  lastDecidedRefresh,
  type RotationState,
  type Strategy,
  statusOf,
  type TransitionName,
} from '#rotation';
import { newlyObserved } from './observed-hosts.js';
import type { Projection } from './ports/journal.js';

/** What the tables beside the journal must say after `after`; decided generations follow `keep` and `revert`. */
export function projectionOf(before: RotationState, after: RotationState): Projection {
  return {
    status: statusOf(after),
    phase: after.phase,
    ended: after.ended !== null,
    fleets: fleetsOf(after.snapshot).map(({ fleetId }) => ({
      fleetId,
      decidedGenerationId: newlyDecided(before, after, fleetId),
    })),
    decommissionedHostId:
      [...after.decommissioned.keys()].find((id) => !before.decommissioned.has(id)) ?? null,
    rotated: after.ended?.status === 'succeeded' && ROTATES.has(after.snapshot.strategy),
    rehearsed: after.ended?.status === 'succeeded' && after.snapshot.strategy === 'rehearse',
    distrusted: newlyKept(before, after, 'contract', 1) ? (after.snapshot.distrusted ?? []) : [],
    retrusted: newlyKept(before, after, 'expand', 1) ? (after.snapshot.retrusted ?? []) : [],
    observed: newlyObserved(before, after),
  };
}

/** A fire drill changes nothing, and a repair brings back what was decided before. */
const ROTATES: ReadonlySet<Strategy> = new Set(['overlap', 'replace', 'distrust']);

function newlyDecided(before: RotationState, after: RotationState, fleetId: string): string | null {
  const built = generationsFor(after, fleetId);
  if (!built) return null;
  if (newlyKept(before, after, 'expand', 1)) return built.overlap.id;
  if (newlyKept(before, after, 'refresh', lastDecidedRefresh(after))) return built.overlap.id;
  return newlyKept(before, after, 'contract', after.attempt.contract) ? built.next.id : null;
}

function newlyKept(
  before: RotationState,
  after: RotationState,
  transition: TransitionName,
  attempt: number,
): boolean {
  const key = `outcome/${transition}.${attempt}`;
  return after.decisions.get(key)?.decision.kind === 'keep' && !before.decisions.has(key);
}
