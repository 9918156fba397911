import { CONDITIONS, isConfirmed } from './conditions.js';
import { fleetEffect } from './effects.js';
import { firstCrlToEnd } from './fleets.js';
import { planTransition } from './plan-transition.js';
import { isOnOverlap, isRefreshing, refreshTry, renewalOf, stagedIn } from './refresh.js';
import { type EffectRecord, isDone, isRefused, type RotationState } from './state.js';
import { isHeld } from './status.js';
import type { Action } from './steps.js';
import { gateEffectId } from './usage-gate.js';

/** How often the CRLs of the overlap are looked at, in milliseconds: whoever is revoked in a soak gets in for so long. */
const LOOK_AT_CRLS_MS = 3_600_000;
/** After a look or a switch that failed, in milliseconds. */
const TRY_AGAIN_MS = 300_000;
/** No more often than this, however soon a CRL ends. */
const AT_MOST_EVERY_MS = 60_000;

export interface Upkeep {
  /** Whether nothing else may be begun meanwhile. */
  readonly first: boolean;
  readonly actions: readonly Action[];
}

const NOTHING: Upkeep = { first: false, actions: [] };

/**
 * As long as the fleet trusts both, the hosts get the CRLs of now: while clients renew, while somebody is asked to
 * approve, and while the rotation is paused, because a CRL that ends refuses every client of its CA.
 */
export function keepCrls(state: RotationState, now: number): Upkeep {
  if (isRefreshing(state)) return { first: true, actions: planTransition(state, now, 'refresh') };
  if (!isStanding(state) || !keepsCrls(state)) return NOTHING;
  const scope = `refresh.${refreshTry(state)}`;
  const look = renewalOf(state, refreshTry(state));
  if (look?.status === 'running') return { first: true, actions: [] };
  const at = look?.status === 'interrupted' ? now : nextLook(state);
  if (now < at) return { first: false, actions: [{ kind: 'wait', until: at }] };
  if (!isContractIdle(state, now)) return afterContract(state, now);
  return { first: true, actions: [{ kind: 'perform', effect: fleetEffect('crls.renew', scope) }] };
}

/** Whether a refresh may be begun, as far as the state goes: the hosts have CRLs, and nothing else is done to them. */
export function keepsCrls(state: RotationState): boolean {
  return isOnOverlap(state) && isConfirmed(state) && firstCrlToEnd(state) !== null;
}

/** An activation takes minutes, and is followed by the soak; one that failed waits for a person. */
function isStanding(state: RotationState): boolean {
  return state.phase === 'soak' || isHeld(state);
}

/** A contract that is begun brings CRLs of its own, or fails; one that a pause holds is waited for no longer than its votes. */
function afterContract(state: RotationState, now: number): Upkeep {
  if (!isHeld(state)) return NOTHING;
  return { first: false, actions: [{ kind: 'wait', until: now + state.snapshot.timing.voteMs }] };
}

/** Nobody may be asked to vote for two things at once, and a vote that was given must have passed. */
function isContractIdle(state: RotationState, now: number): boolean {
  const scope = `contract.${state.attempt.contract}`;
  const refused = isRefused(state, scope);
  if (refused && stagedIn(state, scope).every((host) => isDone(state, `${scope}/host.discard/${host}`))) {
    return true;
  }
  if (!refused && state.decisions.has(scope)) return CONDITIONS.returnedToOverlap.holds(state);
  return [...state.effects.values()].every(
    (record) =>
      !record.effect.id.startsWith(`${scope}/`) || asksNobody(state, record) || hasPassed(state, record, now),
  );
}

/** No host knows of it, and it may fail for as long as the CA is away. */
function asksNobody(state: RotationState, { effect, status }: EffectRecord): boolean {
  return effect.id === gateEffectId(state) || (effect.kind === 'ca.check-retired' && status === 'failed');
}

function hasPassed(state: RotationState, { status, at }: EffectRecord, now: number): boolean {
  const { voteMs } = state.snapshot.timing;
  return isHeld(state) && status !== 'running' && Date.parse(at) + voteMs < now;
}

/** Milliseconds since the epoch. */
function nextLook(state: RotationState): number {
  const { at, pause } = lastLook(state);
  if (state.retryAt !== null && Date.parse(state.retryAt) > at) return at;
  const ends = Date.parse(firstCrlToEnd(state)?.at ?? '');
  // Half of what is left of the first to end: then there is still time to try again.
  const half = ends > at ? at + (ends - at) / 2 : at + pause;
  return Math.min(at + pause, Math.max(half, at + AT_MOST_EVERY_MS));
}

/** When the CRLs were looked at last, and how long that is good for. */
function lastLook(state: RotationState): { readonly at: number; readonly pause: number } {
  const attempt = refreshTry(state);
  const look = renewalOf(state, attempt);
  if (look)
    return { at: Date.parse(look.at), pause: look.status === 'failed' ? TRY_AGAIN_MS : LOOK_AT_CRLS_MS };
  const before = state.decisions.get(`outcome/refresh.${attempt - 1}`);
  if (before && before.decision.kind !== 'keep') return { at: Date.parse(before.at), pause: TRY_AGAIN_MS };
  const first = renewalOf(state, attempt - 1) ?? state.effects.get('generations.build');
  return { at: Date.parse(first?.at ?? state.phaseSince), pause: LOOK_AT_CRLS_MS };
}
