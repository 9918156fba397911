import type { HostEffectKind } from './effects.js';
import type { Decision } from './events.js';
import { aborted, fleetEffect, hostEffect, refuse } from './plan-preflight.js';
import { hostIds, type RotationState } from './state.js';
import { type Action, advance, type Progress } from './steps.js';
import type { Reason, TransitionName } from './vocabulary.js';

interface Transition {
  readonly name: TransitionName;
  readonly attempt: number;
}

/**
 * One fleet-wide commit: every host votes, then wave after wave switches and proves itself, then one decision
 * for all, `keep` or `revert`, and only then is the way back given up.
 */
export function planTransition(state: RotationState, now: number, name: TransitionName): readonly Action[] {
  const transition = { name, attempt: name === 'contract' ? state.attempt.contract : 1 };
  const outcome = state.decisions.get(`outcome/${name}.${transition.attempt}`)?.decision.kind;
  if (outcome === 'revert') return planReturn(state, now, transition);
  if (outcome === 'keep') return planConfirm(state, now, transition);
  return planForward(state, now, transition);
}

function planForward(state: RotationState, now: number, transition: Transition): readonly Action[] {
  if (state.abort && transition.name === 'expand') {
    const progress = aborted(state);
    return progress.kind === 'busy' ? [] : fail(state, now, transition, progress.reason);
  }
  const votes = advance(state, now, [onHosts(transition, 'host.stage', hostIds(state.snapshot))], 'careful');
  if (votes.kind === 'busy') return votes.actions;
  if (votes.kind === 'failed') return fail(state, now, transition, votes.reason);
  if (transition.name === 'contract' && !state.decisions.has(`contract.${transition.attempt}`)) {
    return [
      {
        kind: 'decide',
        decision: { kind: 'contract', attempt: transition.attempt },
        because: `the soak of ${state.snapshot.soakSeconds} s is over and every host voted yes`,
      },
    ];
  }
  return planWaves(state, now, transition);
}

function planWaves(state: RotationState, now: number, transition: Transition): readonly Action[] {
  for (const [wave, hosts] of state.snapshot.waves.entries()) {
    const decision: Decision = { kind: 'go', transition: transition.name, attempt: transition.attempt, wave };
    if (!state.decisions.has(`go/${transition.name}.${transition.attempt}/${wave}`)) {
      const because = wave === 0 ? 'every host voted yes' : `wave ${wave} is switched and proven`;
      return [{ kind: 'decide', decision, because }];
    }
    const switched = [onHosts(transition, 'host.commit', hosts), onHosts(transition, 'host.prove', hosts)];
    const progress = advance(state, now, switched, 'careful');
    if (progress.kind === 'busy') return progress.actions;
    if (progress.kind === 'failed') return fail(state, now, transition, progress.reason);
  }
  return [decideOutcome('keep', transition, 'every host is switched and proven')];
}

function planConfirm(state: RotationState, now: number, transition: Transition): readonly Action[] {
  const progress = advance(
    state,
    now,
    [onHosts(transition, 'host.confirm', hostIds(state.snapshot))],
    'insist',
  );
  if (progress.kind === 'busy') return progress.actions;
  if (transition.name === 'expand') return [];
  return [{ kind: 'end', status: 'succeeded', because: 'every host is observed on the new-only generation' }];
}

/** A failure before any `go` switched nothing; after it, the whole fleet goes back by one decision. */
function fail(state: RotationState, now: number, transition: Transition, reason: Reason): readonly Action[] {
  const begun = state.decisions.has(`go/${transition.name}.${transition.attempt}/0`);
  if (begun) return [decideOutcome('revert', transition, reason.message)];
  if (transition.name === 'expand') return refuse(state, now, reason);
  const staged = onHosts(transition, 'host.discard', hostIds(state.snapshot));
  const progress = advance(state, now, [staged], 'insist');
  return progress.kind === 'busy' ? progress.actions : [{ kind: 'pause', reason }];
}

function planReturn(state: RotationState, now: number, transition: Transition): readonly Action[] {
  const hosts = hostIds(state.snapshot);
  const groups = [
    onHosts(transition, 'host.revert', hosts),
    onHosts(transition, 'host.prove-reverted', hosts),
  ];
  const why = state.decisions.get(`outcome/${transition.name}.${transition.attempt}`)?.because ?? '';
  const progress: Progress =
    transition.name === 'expand'
      ? advance(state, now, [...groups, [fleetEffect('ca.withdraw')]], 'insist')
      : advance(state, now, groups, 'insist');
  if (progress.kind === 'busy') return progress.actions;
  if (transition.name === 'contract') return [];
  return [{ kind: 'end', status: 'reverted', because: why }];
}

function decideOutcome(kind: 'keep' | 'revert', transition: Transition, because: string): Action {
  return {
    kind: 'decide',
    decision: { kind, transition: transition.name, attempt: transition.attempt },
    because,
  };
}

function onHosts(transition: Transition, kind: HostEffectKind, hosts: readonly string[]) {
  return hosts.map((host) => hostEffect(transition.name, transition.attempt, kind, host));
}
