import { awaitsApproval, isApproved } from './approval.js';
import { isRefreshing, refreshTry } from './refresh.js';
import {
  activeHosts,
  activeWaves,
  decidedKind,
  hasGone,
  isDone,
  isRefused,
  onEveryHost,
  type RotationState,
} from './state.js';
import { courseOf } from './strategy.js';
import { isGateOpen } from './usage-gate.js';

/** What must be true of the state for a row of a table, each with the sentence that people read. */
export interface Condition {
  readonly says: string;
  readonly holds: (state: RotationState) => boolean;
}

const contract = (state: RotationState) => `contract.${state.attempt.contract}`;
const refresh = (state: RotationState) => `refresh.${refreshTry(state)}`;
const activate = (state: RotationState) => `activate.${state.attempt.activate}`;

function everyGiven(state: RotationState, transition: string): boolean {
  return activeWaves(state).every(
    (hosts, wave) => hosts.length === 0 || state.decisions.has(`go/${transition}/${wave}`),
  );
}

/** Every host was observed on the overlap after `keep`, whichever CRLs it has by now. */
export function isConfirmed(state: RotationState): boolean {
  return decidedKind(state, 'outcome/expand.1') === 'keep' && onEveryHost(state, 'expand.1/host.confirm');
}

function isUndecidedRefresh(state: RotationState): boolean {
  return isRefreshing(state) && decidedKind(state, `outcome/${refresh(state)}`) === undefined;
}

function isWithdrawn(state: RotationState): boolean {
  return !state.effects.has('ca.prepare') || isDone(state, 'ca.withdraw');
}

export const CONDITIONS = {
  verified: {
    says: 'every host is inspected and the sample clients are judged, or nobody else will be let in than before',
    holds: (state) =>
      !courseOf(state).oneWay &&
      isDone(state, courseOf(state).adopts ? 'generations.build' : 'samples.verify') &&
      onEveryHost(state, 'expand.1/host.inspect'),
  },
  voted: {
    says: 'every host voted yes, and nobody asked to abort',
    holds: (state) =>
      state.abort === null && !isRefused(state, 'expand.1') && onEveryHost(state, 'expand.1/host.stage'),
  },
  votedToContract: {
    says: 'nobody needs the old CA, or a person said so, a second person approved where the fleet asks for one, and every host voted yes to the new-only generation',
    holds: (state) =>
      !isRefreshing(state) &&
      isGateOpen(state) &&
      isApproved(state) &&
      !isRefused(state, contract(state)) &&
      onEveryHost(state, `${contract(state)}/host.stage`),
  },
  awaitingApproval: {
    says: 'nobody needs the old CA, or a person said so, and a second person has to approve',
    holds: awaitsApproval,
  },
  proven: {
    says: 'every host is switched to the overlap and proven, and nobody asked to abort',
    holds: (state) =>
      state.abort === null && everyGiven(state, 'expand.1') && onEveryHost(state, 'expand.1/host.prove'),
  },
  provenToContract: {
    says: 'every host is switched to the new-only generation and proven, or an anchor is distrusted',
    holds: (state) =>
      courseOf(state).oneWay ||
      (everyGiven(state, contract(state)) && onEveryHost(state, `${contract(state)}/host.prove`)),
  },
  unswitchedToContract: {
    says: 'no host was let switch to the new-only generation, and no anchor is distrusted',
    holds: (state) => !courseOf(state).oneWay && !hasGone(state, contract(state)),
  },
  undecided: {
    says: 'the fleet has decided neither for nor against the overlap',
    holds: (state) => decidedKind(state, 'outcome/expand.1') === undefined,
  },
  /** I4 */
  refreshing: {
    says: 'there is an overlap with other CRLs, and the fleet has decided neither for nor against it',
    holds: isUndecidedRefresh,
  },
  unswitchedToRefresh: {
    says: 'there is an overlap with other CRLs, and no host was let switch to it',
    holds: (state) => isUndecidedRefresh(state) && !hasGone(state, refresh(state)),
  },
  provenToRefresh: {
    says: 'every host is switched to the overlap with other CRLs and proven',
    holds: (state) => everyGiven(state, refresh(state)) && onEveryHost(state, `${refresh(state)}/host.prove`),
  },
  /** I7 */
  confirmed: {
    says: 'after `keep` every host is observed on the overlap and gave its way back up, and its CRLs are not being exchanged',
    holds: (state) => isConfirmed(state) && !isRefreshing(state),
  },
  confirmedToActivate: {
    says: 'every host confirmed the overlap, and the CA is to follow',
    holds: (state) => courseOf(state).movesCa && isConfirmed(state),
  },
  confirmedToContract: {
    says: 'every host confirmed the overlap, and the CA stays as it is',
    holds: (state) => courseOf(state).contracts && !courseOf(state).movesCa && isConfirmed(state),
  },
  /** I3 */
  confirmedForGood: {
    says: 'every host confirmed, and nothing is left to be dropped',
    holds: (state) => !courseOf(state).contracts && isConfirmed(state),
  },
  /** I12 */
  distrusting: {
    says: 'an anchor is distrusted, and the bundle without it is built',
    holds: (state) => courseOf(state).oneWay && isDone(state, 'generations.build') && state.abort === null,
  },
  /** I12 */
  mayReturn: {
    says: 'no anchor is distrusted',
    holds: (state) => !courseOf(state).oneWay,
  },
  /** I3 */
  returned: {
    says: 'after `revert` every host is observed back on the old bundle, and the new issuer is withdrawn',
    holds: (state) =>
      decidedKind(state, 'outcome/expand.1') === 'revert' &&
      onEveryHost(state, 'expand.1/host.prove-reverted') &&
      isWithdrawn(state),
  },
  activated: {
    says: 'the default path of the CA is the new issuer, and the old one may no longer issue',
    holds: (state) => isDone(state, `${activate(state)}/ca.restrict-old`),
  },
  /** I3 */
  contracted: {
    says: 'after `keep` every host is observed on the new-only generation and gave its way back up, and nothing distrusted may issue',
    holds: (state) =>
      decidedKind(state, `outcome/${contract(state)}`) === 'keep' &&
      onEveryHost(state, `${contract(state)}/host.confirm`) &&
      (!courseOf(state).oneWay || isDone(state, 'ca.stop-issuing')),
  },
  returnedToOverlap: {
    says: 'after `revert` every host is observed back on the overlap',
    holds: (state) =>
      decidedKind(state, `outcome/${contract(state)}`) === 'revert' &&
      onEveryHost(state, `${contract(state)}/host.prove-reverted`),
  },
  untouched: {
    says: 'no host was switched, what was staged is dropped, the new issuer is withdrawn, nothing is under way',
    holds: (state) =>
      !hasGone(state, 'expand.1') &&
      activeHosts(state).every(
        (host) =>
          !state.effects.has(`expand.1/host.stage/${host}`) || isDone(state, `expand.1/host.discard/${host}`),
      ) &&
      isWithdrawn(state) &&
      state.tally.running.size === 0,
  },
} as const satisfies Record<string, Condition>;

export type ConditionName = keyof typeof CONDITIONS;
