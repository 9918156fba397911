import { clientsInWords } from './clients-in-words.js';
import { fleetsOf, generationsFor, renewedFor } from './fleets.js';
import { keptOverlaps } from './refresh.js';
import { digestOfShown } from './shown-trust.js';
import { type RotationState, resultOf } from './state.js';
import { isGateOpen } from './usage-gate.js';

/** What changes for the clients of one fleet, in words: the anchors, then the samples. Null before that is known. */
export function trustDiffOf(state: RotationState, fleetId: string): string | null {
  const anchors = generationsFor(state, fleetId)?.trustDiff;
  if (anchors === undefined) return null;
  const samples = resultOf(state, 'samples.verify')?.byFleet?.find((one) => one.fleetId === fleetId);
  if (!samples) return anchors;
  const { accepted, refusedAfterContract: lost } =
    renewedFor(state, fleetId)?.samples ?? withoutRevoked(state, fleetId, samples);
  return `${anchors}; ${clientsInWords('samples', { accepted, lost })}`;
}

interface Judged {
  readonly accepted: number;
  readonly refusedAfterContract: readonly string[];
}

/** Whom the CRLs of the overlap refuse by now, the contract will refuse. */
function withoutRevoked(state: RotationState, fleetId: string, judged: Judged): Judged {
  const refused = keptOverlaps(state, fleetId)[0]?.samples.refused ?? [];
  const lost = new Set([...judged.refusedAfterContract, ...refused]);
  const gone = lost.size - judged.refusedAfterContract.length;
  return { accepted: judged.accepted - gone, refusedAfterContract: [...lost] };
}

/** The same for all fleets of the rotation, each with its name where there are several. */
export function trustDiffInWords(state: RotationState): string {
  const fleets = fleetsOf(state.snapshot);
  return fleets
    .map(({ fleetId, fleetName }) => {
      const diff = trustDiffOf(state, fleetId) ?? '';
      return fleets.length === 1 ? diff : `${fleetName}: ${diff}`;
    })
    .join(' | ');
}

/** What an approval is bound to, lower-case hex SHA-256; null before the samples are judged. */
export function trustDiffDigest(state: RotationState): string | null {
  const built = resultOf(state, 'generations.build');
  const samples = resultOf(state, 'samples.verify');
  return built && samples && digestOfShown({ snapshot: state.snapshot, built, samples });
}

/** Whether a second person has to approve before the contract. */
export function needsApproval({ snapshot }: Pick<RotationState, 'snapshot'>): boolean {
  return snapshot.approval === 'contract';
}

/** Nobody is asked, or somebody approved of the very change that is ahead. */
export function isApproved(state: RotationState): boolean {
  if (!needsApproval(state)) return true;
  return state.approval !== null && state.approval.digest === trustDiffDigest(state);
}

/** A second person may approve now, and nothing is dropped before one does. */
export function awaitsApproval(state: RotationState): boolean {
  return state.phase === 'soak' && isGateOpen(state) && !isApproved(state);
}
