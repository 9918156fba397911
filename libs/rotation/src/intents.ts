import { CONDITIONS } from './conditions.js';
import { type Effect, type HostEffect, isHostEffect } from './effects.js';
import { isOnOverlap, isRefreshing, refreshTry } from './refresh.js';
import { decidedKind, hasGone, isDone, onEveryHost, type RotationState, waveOf } from './state.js';
import { isSwitching } from './status.js';
import { courseOf } from './strategy.js';
import type { TransitionName } from './vocabulary.js';

/** What must be journalled before an effect of a kind may even be intended (I2, I4, I7, I11). */
export interface IntentRule {
  readonly says: string;
  readonly holds: (state: RotationState, effect: Effect) => boolean;
}

/** `expand.1`, `contract.2`, `activate.1`: the try that an effect belongs to. */
const tryOf = ({ id }: Effect): string => id.slice(0, id.indexOf('/'));
const outcome = (state: RotationState, effect: Effect) => decidedKind(state, `outcome/${tryOf(effect)}`);
const gone = (state: RotationState, effect: Effect) => hasGone(state, tryOf(effect));

function onHost(step: string): (state: RotationState, effect: Effect) => boolean {
  return (state, effect) =>
    isHostEffect(effect) && isDone(state, `${tryOf(effect)}/${step}/${effect.hostId}`);
}

function inTry(kind: string): (state: RotationState, effect: Effect) => boolean {
  return (state, effect) => isDone(state, `${tryOf(effect)}/${kind}`);
}

function waveDecided(state: RotationState, effect: HostEffect): boolean {
  return state.decisions.has(`go/${tryOf(effect)}/${waveOf(state.snapshot, effect.hostId)}`);
}

/** Behind `keep` of a distrust every host is looked at and changed, whatever the others do. */
function mustGo(state: RotationState): boolean {
  return courseOf(state).oneWay && decidedKind(state, 'outcome/contract.1') === 'keep';
}

const MAY_STAGE: Readonly<Record<TransitionName, (state: RotationState, effect: Effect) => boolean>> = {
  expand: (state) => CONDITIONS.verified.holds(state),
  refresh: isOfOpenRefresh,
  contract: (state) =>
    CONDITIONS.confirmed.holds(state) && (CONDITIONS.activated.holds(state) || !courseOf(state).movesCa),
};

function isOfOpenRefresh(state: RotationState, effect: Effect): boolean {
  return CONDITIONS.refreshing.holds(state) && tryOf(effect) === `refresh.${refreshTry(state)}`;
}

export const INTENTS: Readonly<Record<Effect['kind'], IntentRule>> = {
  'ca.survey': { says: 'preflight has not passed', holds: ({ phase }) => phase === 'preflight' },
  'host.inspect': {
    says: 'preflight has not passed, or an anchor is distrusted',
    holds: (state) => state.phase === 'preflight' || mustGo(state),
  },
  'ca.prepare': {
    says: 'the CA is surveyed and every host inspected',
    holds: (state) => isDone(state, 'ca.survey') && onEveryHost(state, 'expand.1/host.inspect'),
  },
  'ca.old-leaf': { says: 'the CA is surveyed', holds: (state) => isDone(state, 'ca.survey') },
  'canary.mint': {
    says: 'every host is inspected',
    holds: (state) => state.phase === 'preflight' && onEveryHost(state, 'expand.1/host.inspect'),
  },
  'ca.witness': {
    says: 'no host was switched',
    holds: (state) => state.phase === 'preflight' || courseOf(state).oneWay,
  },
  'ca.stop-issuing': {
    says: 'an anchor is distrusted for good (I12)',
    holds: (state) => mustGo(state),
  },
  'generations.build': {
    says: 'what is to be added is there',
    holds: (state) =>
      state.phase === 'preflight' && (!courseOf(state).movesCa || isDone(state, 'ca.prepare')),
  },
  'samples.verify': {
    says: 'the generations are built',
    holds: (state) => isDone(state, 'generations.build'),
  },
  'host.stage': {
    says: 'preflight passed; for a contract, every host confirmed the overlap and the CA is switched (I2); for a refresh, there are other CRLs',
    holds: (state, effect) =>
      isHostEffect(effect) &&
      !isDone(state, `${tryOf(effect)}/host.commit/${effect.hostId}`) &&
      outcome(state, effect) === undefined &&
      MAY_STAGE[effect.transition](state, effect),
  },
  'host.commit': {
    says: 'the host voted yes, `go` was decided for its wave, and neither `keep` nor `revert` (I4)',
    holds: (state, effect) =>
      isHostEffect(effect) &&
      isDone(state, `${tryOf(effect)}/host.stage/${effect.hostId}`) &&
      waveDecided(state, effect) &&
      outcome(state, effect) === undefined,
  },
  'host.prove': { says: 'the host was switched', holds: onHost('host.commit') },
  'host.confirm': {
    says: '`keep` was decided (I4), and it is known what the host serves',
    holds: (state, effect) =>
      outcome(state, effect) === 'keep' &&
      isHostEffect(effect) &&
      (!courseOf(state).oneWay || isDone(state, `expand.1/host.inspect/${effect.hostId}`)),
  },
  'host.drained': { says: 'the host gave its way back up', holds: onHost('host.confirm') },
  'host.reconcile': {
    says: 'every host confirmed the overlap',
    holds: (state, effect) => CONDITIONS.confirmed.holds(state) || isOfOpenRefresh(state, effect),
  },
  'host.discard': {
    says: 'no `go` was decided',
    holds: (state, effect) => !gone(state, effect),
  },
  'host.revert': {
    says: '`revert` was decided (I4)',
    holds: (state, effect) => outcome(state, effect) === 'revert',
  },
  'host.prove-reverted': { says: 'the host was put back', holds: onHost('host.revert') },
  'ca.allow-new': {
    says: '`activate` was decided, and every host confirmed the overlap (I7, I11)',
    holds: (state, effect) => state.decisions.has(tryOf(effect)) && CONDITIONS.confirmed.holds(state),
  },
  'ca.new-leaf': { says: 'the new issuer may issue', holds: inTry('ca.allow-new') },
  'host.canary': { says: 'the first leaf of the new issuer is there', holds: inTry('ca.new-leaf') },
  'ca.switch-default': {
    says: 'every host accepted the first leaf of the new issuer',
    holds: (state, effect) => onEveryHost(state, `${tryOf(effect)}/host.canary`),
  },
  'ca.move-roles': { says: 'the default was switched', holds: inTry('ca.switch-default') },
  'ca.verify-default': { says: 'the default was switched', holds: inTry('ca.switch-default') },
  'ca.restrict-old': {
    says: 'the default was seen to be the new issuer',
    holds: inTry('ca.verify-default'),
  },
  'usage.judge': {
    says: 'the CA is switched, and the contract is not decided',
    holds: (state, effect) => CONDITIONS.activated.holds(state) && !state.decisions.has(tryOf(effect)),
  },
  'crls.renew': {
    says: 'every host confirmed the overlap, and no host is being switched (I2)',
    holds: (state, effect) =>
      isOnOverlap(state) &&
      CONDITIONS.confirmed.holds(state) &&
      !isSwitching(state) &&
      tryOf(effect) === `refresh.${refreshTry(state)}`,
  },
  'ca.check-retired': {
    says: 'the CA is switched, or stays as it is and every host confirmed, and the contract is not decided',
    holds: (state, effect) =>
      (CONDITIONS.activated.holds(state) || CONDITIONS.confirmedToContract.holds(state)) &&
      !isRefreshing(state) &&
      !state.decisions.has(tryOf(effect)),
  },
  'ca.fall-back': {
    says: '`activate` was decided and did not come to its end',
    holds: (state, effect) => state.decisions.has(tryOf(effect)) && !CONDITIONS.activated.holds(state),
  },
  'ca.withdraw': {
    says: 'no host may serve the new issuer: none was switched, or all are observed back',
    holds: (state) =>
      !hasGone(state, 'expand.1') ||
      (decidedKind(state, 'outcome/expand.1') === 'revert' &&
        onEveryHost(state, 'expand.1/host.prove-reverted')),
  },
};
