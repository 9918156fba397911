import { checkRetired, reconciles } from './before-contract.js';
import { awaitDrained } from './draining.js';
import { fleetEffect, type HostEffect, type HostEffectKind } from './effects.js';
import type { Decision } from './events.js';
import { stepOn } from './host-steps.js';
import { advanceDistrust, decideToDistrust } from './plan-distrust.js';
import { aborted, refuse } from './plan-preflight.js';
import { refreshTry, stagedIn } from './refresh.js';
import { activeHosts, activeWaves, type EffectRecord, hasGone, isDone, type RotationState } from './state.js';
import { type Action, advance, advanceChains, type Progress } from './steps.js';
import { courseOf } from './strategy.js';
import { whyOpen } from './usage-gate.js';
import type { Reason, TransitionName } from './vocabulary.js';

/** What a host answers that no longer stands by its vote. */
const VOTE_EXPIRED = 'host.vote-expired';

interface Transition {
  readonly name: TransitionName;
  readonly attempt: number;
}

/**
 * One fleet-wide commit: every host votes, then wave after wave switches and proves itself, then one decision
 * for all, `keep` or `revert`, and only then is the way back given up.
 */
export function planTransition(state: RotationState, now: number, name: TransitionName): readonly Action[] {
  const transition = { name, attempt: attemptOf(state, name) };
  const outcome = state.decisions.get(`outcome/${name}.${transition.attempt}`)?.decision.kind;
  if (outcome === 'revert') return planReturn(state, now, transition);
  if (outcome === 'keep') return planConfirm(state, now, transition);
  if (outcome === 'refuse') return planDrop(state, now, transition);
  if (courseOf(state).oneWay) return [decideToDistrust(state)];
  return planForward(state, now, transition);
}

function attemptOf(state: RotationState, name: TransitionName): number {
  if (name === 'expand') return 1;
  return name === 'refresh' ? refreshTry(state) : state.attempt.contract;
}

function planForward(state: RotationState, now: number, transition: Transition): readonly Action[] {
  if (state.abort && transition.name === 'expand') {
    const progress = aborted(state);
    return progress.kind === 'busy' ? [] : fail(state, transition, progress.reason);
  }
  const hosts = activeHosts(state);
  const undecided = transition.name === 'contract' && !state.decisions.has(`contract.${transition.attempt}`);
  const retired = undecided ? checkRetired(state, now, transition.attempt) : null;
  if (retired?.kind === 'busy') return retired.actions;
  if (retired?.kind === 'failed') return fail(state, transition, retired.reason);
  // Behind the decision nobody is brought back to the overlap: a host may have been switched (version 1 did not
  // reconcile). Behind `go` of a refresh it was done.
  const reconcile = undecided || transition.name === 'refresh' ? reconciles(transition, hosts) : [];
  const stage = onHosts(state, transition, 'host.stage', hosts);
  const votes = advance(state, now, [reconcile, stage], 'careful');
  if (votes.kind === 'busy') return votes.actions;
  if (votes.kind === 'failed') return fail(state, transition, votes.reason);
  if (undecided) {
    return [
      {
        kind: 'decide',
        decision: { kind: 'contract', attempt: transition.attempt },
        because: `${whyOpen(state)}${whyApproved(state)}, and every host voted yes`,
        notAfter: null,
      },
    ];
  }
  return planWaves(state, now, transition);
}

function whyApproved({ approval }: RotationState): string {
  return approval === null ? '' : `, ${approval.by} approved`;
}

function planWaves(state: RotationState, now: number, transition: Transition): readonly Action[] {
  const late = nearestDeadline(state, transition) - state.snapshot.timing.marginMs;
  if (now >= late) return fail(state, transition, deadlineTooNear(state, transition));
  const prove = stepOn(state.snapshot, transition.name, transition.attempt, 'host.prove');
  for (const [wave, hosts] of activeWaves(state).entries()) {
    if (hosts.every((host) => isDone(state, prove(host).id))) continue;
    const progress = state.decisions.has(`go/${transition.name}.${transition.attempt}/${wave}`)
      ? switchWave(state, now, transition, hosts)
      : openWave(state, now, transition, wave, hosts);
    if (progress.kind === 'busy') return progress.actions;
    if (progress.kind === 'failed') return fail(state, transition, progress.reason);
  }
  return [decideOutcome('keep', transition, 'every host is switched and proven', late)];
}

/** `go` is given on votes that still stand when it arrives: a host whose vote is about to expire is asked again. */
function openWave(
  state: RotationState,
  now: number,
  transition: Transition,
  wave: number,
  hosts: readonly string[],
): Progress {
  const { voteMs, marginMs } = state.snapshot.timing;
  const standsUntil = ({ begunAt }: EffectRecord) => Date.parse(begunAt) + voteMs - marginMs;
  const stage = onHosts(state, transition, 'host.stage', hosts);
  const votes = advance(state, now, [stage], 'careful', (record) => now >= standsUntil(record));
  if (votes.kind !== 'done') return votes;
  const records = stage.flatMap(({ id }) => state.effects.get(id) ?? []);
  const decision: Decision = { kind: 'go', transition: transition.name, attempt: transition.attempt, wave };
  const because = wave === 0 ? 'every host voted yes' : `wave ${wave - 1} is switched and proven`;
  const notAfter = Math.min(...records.map(standsUntil));
  return { kind: 'busy', actions: [{ kind: 'decide', decision, because, notAfter }] };
}

/**
 * A host that let its vote expire before `go` arrived is staged anew and switched then. A host that is switched is
 * proven while others are still at it.
 */
function switchWave(
  state: RotationState,
  now: number,
  transition: Transition,
  hosts: readonly string[],
): Progress {
  const stage = hosts.filter((host) => voteExpired(state, transition, host));
  const votes = advance(state, now, [onHosts(state, transition, 'host.stage', stage)], 'careful', () => true);
  if (votes.kind !== 'done') return votes;
  const { name, attempt } = transition;
  const commit = stepOn(state.snapshot, name, attempt, 'host.commit');
  const prove = stepOn(state.snapshot, name, attempt, 'host.prove');
  const chains = hosts.map((host) => [commit(host), prove(host)]);
  return advanceChains(state, now, chains, 'careful');
}

function voteExpired(state: RotationState, { name, attempt }: Transition, host: string): boolean {
  const commit = state.effects.get(stepOn(state.snapshot, name, attempt, 'host.commit')(host).id);
  const stage = state.effects.get(stepOn(state.snapshot, name, attempt, 'host.stage')(host).id);
  return (
    stage !== undefined &&
    commit?.status === 'failed' &&
    commit.reason?.code === VOTE_EXPIRED &&
    Date.parse(stage.begunAt) <= Date.parse(commit.begunAt)
  );
}

/** The moment at which the first switched host would go back by itself; infinite while none is switched. */
function nearestDeadline(state: RotationState, { name, attempt }: Transition): number {
  const commit = stepOn(state.snapshot, name, attempt, 'host.commit');
  const deadlines = activeHosts(state).flatMap((host) =>
    isDone(state, commit(host).id) ? [state.armed.get(host) ?? 0] : [],
  );
  return Math.min(Number.POSITIVE_INFINITY, ...deadlines);
}

function deadlineTooNear(state: RotationState, transition: Transition): Reason {
  const deadline = nearestDeadline(state, transition);
  const hosts = activeHosts(state).filter((host) => state.armed.get(host) === deadline);
  const names = hosts.map((host) => state.snapshot.hostNames[host] ?? host).join(', ');
  return {
    code: 'rotation.deadline-passed',
    message: `${names} waited too long for the decision of the fleet and may already have gone back by itself`,
    nextStep: 'Check that a worker runs and reaches this host and the database, then start a new rotation.',
  };
}

function planConfirm(state: RotationState, now: number, transition: Transition): readonly Action[] {
  const { contracts, oneWay } = courseOf(state);
  const progress = oneWay
    ? advanceDistrust(state, now)
    : advance(state, now, [onHosts(state, transition, 'host.confirm', activeHosts(state))], 'insist');
  if (progress.kind === 'busy') return progress.actions;
  if (transition.name !== 'contract' && contracts) return [];
  const draining = awaitDrained(state, now);
  if (draining.kind === 'busy') return draining.actions;
  return [{ kind: 'end', status: 'succeeded', because: 'every host is observed on the new-only generation' }];
}

/** A failure before any `go` switched nothing; after it, the whole fleet goes back by one decision. */
function fail(state: RotationState, transition: Transition, reason: Reason): readonly Action[] {
  const begun = hasGone(state, `${transition.name}.${transition.attempt}`);
  return [decideOutcome(begun ? 'revert' : 'refuse', transition, reason.message, null)];
}

/** Drops what was staged. A refused expand ends the rotation, a refused contract waits for a person, a refused refresh for a while. */
function planDrop(state: RotationState, now: number, transition: Transition): readonly Action[] {
  if (transition.name === 'expand') return refuse(state, now);
  const { name, attempt } = transition;
  const staged = stagedIn(state, `${name}.${attempt}`);
  const progress = advance(state, now, [onHosts(state, transition, 'host.discard', staged)], 'insist');
  if (progress.kind === 'busy') return progress.actions;
  if (name === 'refresh') return [];
  const why = state.decisions.get(`outcome/contract.${transition.attempt}`)?.because ?? '';
  const reason = {
    code: 'rotation.contract-refused',
    message: `Not every host can drop the old CA, so none was asked to: ${why}`,
    nextStep: 'Mend what is named, then resume the rotation; every host trusts both CAs meanwhile.',
  };
  return [{ kind: 'pause', reason }];
}

function planReturn(state: RotationState, now: number, transition: Transition): readonly Action[] {
  const hosts = activeHosts(state);
  const groups = [
    onHosts(state, transition, 'host.revert', hosts),
    onHosts(state, transition, 'host.prove-reverted', hosts),
  ];
  const why = state.decisions.get(`outcome/${transition.name}.${transition.attempt}`)?.because ?? '';
  const withdraws = transition.name === 'expand' && state.effects.has('ca.prepare');
  const undo = withdraws ? [...groups, [fleetEffect('ca.withdraw')]] : groups;
  const progress: Progress = advance(state, now, undo, 'insist');
  if (progress.kind === 'busy') return progress.actions;
  if (transition.name !== 'expand') return [];
  return [{ kind: 'end', status: 'reverted', because: why }];
}

function decideOutcome(
  kind: 'keep' | 'revert' | 'refuse',
  { name, attempt }: Transition,
  because: string,
  notAfter: number | null,
): Action {
  return { kind: 'decide', decision: { kind, transition: name, attempt }, because, notAfter };
}

function onHosts(
  { snapshot }: RotationState,
  { name, attempt }: Transition,
  kind: HostEffectKind,
  hosts: readonly string[],
): HostEffect[] {
  return hosts.map(stepOn(snapshot, name, attempt, kind));
}
