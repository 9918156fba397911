import type { CrlEnd, EffectResults, RenewedOverlap } from './effects.js';
import {
  activeHosts,
  decidedKind,
  type EffectRecord,
  hasGone,
  isDone,
  onEveryHost,
  type RotationState,
} from './state.js';
import { courseOf } from './strategy.js';

/**
 * A soak may outlive the CRLs of its beginning, so that the overlap is brought to the hosts once more with those of
 * now: by the same switch as any other, as often as it takes. The tries are counted from 1.
 */
export function refreshTry(state: RotationState): number {
  const outcomes = lastDecidedRefresh(state);
  return outcomes > 0 && !isConcluded(state, outcomes) ? outcomes : outcomes + 1;
}

/** The last try that was kept, reverted or refused; 0 before the first. */
export function lastDecidedRefresh({ decisions }: Pick<RotationState, 'decisions'>): number {
  return [...decisions.keys()].filter((key) => key.startsWith('outcome/refresh.')).length;
}

/** Every host is observed on one side again: after `keep` the fresh one, after `revert` and `refuse` that of before. */
function isConcluded(state: RotationState, attempt: number): boolean {
  switch (decidedKind(state, `outcome/refresh.${attempt}`)) {
    case 'keep':
      return onEveryHost(state, `refresh.${attempt}/host.confirm`);
    case 'revert':
      return onEveryHost(state, `refresh.${attempt}/host.prove-reverted`);
    default:
      return stagedIn(state, `refresh.${attempt}`).every((host) =>
        isDone(state, `refresh.${attempt}/host.discard/${host}`),
      );
  }
}

/** Hosts that still count and may have something staged of the try. */
export function stagedIn(state: RotationState, attempt: string): readonly string[] {
  return activeHosts(state).filter((host) => state.effects.has(`${attempt}/host.stage/${host}`));
}

/** The look at the CRLs of a try; it renews the overlap where that is worth a switch. */
export function renewalOf(state: RotationState, attempt: number): EffectRecord | undefined {
  return state.effects.get(`refresh.${attempt}/crls.renew`);
}

/** What a look found; empty while there is none, and where nothing was to be renewed. */
function renewedIn(state: RotationState, attempt: number): readonly RenewedOverlap[] {
  const record = renewalOf(state, attempt);
  if (record?.status !== 'done') return [];
  return (record.result as unknown as EffectResults['crls.renew']).renewed;
}

/** True from the moment at which there is an overlap with other CRLs until the fleet is on one side again. */
export function isRefreshing(state: RotationState): boolean {
  return renewedIn(state, refreshTry(state)).length > 0;
}

/** True while hosts may be on both sides. */
export function isSwitchingCrls(state: RotationState): boolean {
  return hasGone(state, `refresh.${refreshTry(state)}`);
}

/** The last try, where it left the fleet on the overlap of before and nobody has looked again since; null where not. */
export function refreshInVain(state: RotationState): number | null {
  const last = refreshTry(state) - 1;
  const outcome = decidedKind(state, `outcome/refresh.${last}`);
  const came = outcome === undefined || outcome === 'keep';
  return came || renewalOf(state, last + 1) !== undefined ? null : last;
}

/** The overlaps that the fleet decided to serve in place of the one that was built, newest first. */
export function keptOverlaps(state: RotationState, fleetId: string): readonly RenewedOverlap[] {
  return overlapsIn(state, fleetId, (attempt) => isKept(state, attempt));
}

function isKept(state: RotationState, attempt: number): boolean {
  return decidedKind(state, `outcome/refresh.${attempt}`) === 'keep';
}

/** Every overlap that was made ready for the fleet since the one that was built, kept or not, newest first. */
export function triedOverlaps(state: RotationState, fleetId: string): readonly RenewedOverlap[] {
  return overlapsIn(state, fleetId, () => true);
}

function overlapsIn(
  state: RotationState,
  fleetId: string,
  counts: (attempt: number) => boolean,
): readonly RenewedOverlap[] {
  const found: RenewedOverlap[] = [];
  for (let attempt = refreshTry(state); attempt >= 1; attempt--) {
    if (counts(attempt)) found.push(...renewedIn(state, attempt).filter((one) => one.fleetId === fleetId));
  }
  return found;
}

/** What the try under way brings the fleet; null where its CRLs stay. */
export function renewedNow(state: RotationState, fleetId: string): RenewedOverlap | null {
  return renewedIn(state, refreshTry(state)).find((one) => one.fleetId === fleetId) ?? null;
}

/** The overlap that the fleet has on the near side of the try under way, where it is no longer the one that was built. */
export function renewedBefore(state: RotationState, fleetId: string): RenewedOverlap | null {
  const now = refreshTry(state);
  return overlapsIn(state, fleetId, (attempt) => attempt < now && isKept(state, attempt))[0] ?? null;
}

/** Whether the overlap is there to stay for a while, and may be brought once more. */
export function isOnOverlap(state: RotationState): boolean {
  return courseOf(state).contracts && (state.phase === 'activate' || state.phase === 'soak');
}

/** The CRL of the fleet's overlap that ends first, as long as it was renewed; undefined where it was not. */
export function renewedEnd(state: RotationState, fleetId: string): CrlEnd | undefined {
  return keptOverlaps(state, fleetId)[0]?.crlEnds;
}
