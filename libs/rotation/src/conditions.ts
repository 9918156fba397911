import { activeHosts, activeWaves, decidedKind, isDone, isRefused, type RotationState } from './state.js';
import { isGateOpen } from './usage-gate.js';

/** What must be true of the state for a row of a table, each with the sentence that people read. */
export interface Condition {
  readonly says: string;
  readonly holds: (state: RotationState) => boolean;
}

export function onEveryHost(state: RotationState, prefix: string): boolean {
  return activeHosts(state).every((host) => isDone(state, `${prefix}/${host}`));
}

const contract = (state: RotationState) => `contract.${state.attempt.contract}`;
const activate = (state: RotationState) => `activate.${state.attempt.activate}`;

function everyGiven(state: RotationState, transition: string): boolean {
  return activeWaves(state).every(
    (hosts, wave) => hosts.length === 0 || state.decisions.has(`go/${transition}/${wave}`),
  );
}

export const CONDITIONS = {
  verified: {
    says: 'every host is inspected and the sample clients are judged',
    holds: (state) => isDone(state, 'samples.verify') && onEveryHost(state, 'expand.1/host.inspect'),
  },
  voted: {
    says: 'every host voted yes, and nobody asked to abort',
    holds: (state) =>
      state.abort === null && !isRefused(state, 'expand.1') && onEveryHost(state, 'expand.1/host.stage'),
  },
  votedToContract: {
    says: 'nobody needs the old CA, or a person said so, and every host voted yes to the new-only generation',
    holds: (state) =>
      isGateOpen(state) &&
      !isRefused(state, contract(state)) &&
      onEveryHost(state, `${contract(state)}/host.stage`),
  },
  proven: {
    says: 'every host is switched to the overlap and proven, and nobody asked to abort',
    holds: (state) =>
      state.abort === null && everyGiven(state, 'expand.1') && onEveryHost(state, 'expand.1/host.prove'),
  },
  provenToContract: {
    says: 'every host is switched to the new-only generation and proven',
    holds: (state) =>
      everyGiven(state, contract(state)) && onEveryHost(state, `${contract(state)}/host.prove`),
  },
  undecided: {
    says: 'the fleet has decided neither for nor against the overlap',
    holds: (state) => decidedKind(state, 'outcome/expand.1') === undefined,
  },
  /** I7 */
  confirmed: {
    says: 'after `keep` every host is observed on the overlap and gave its way back up',
    holds: (state) =>
      decidedKind(state, 'outcome/expand.1') === 'keep' && onEveryHost(state, 'expand.1/host.confirm'),
  },
  /** I3 */
  returned: {
    says: 'after `revert` every host is observed back on the old bundle, and the new issuer is withdrawn',
    holds: (state) =>
      decidedKind(state, 'outcome/expand.1') === 'revert' &&
      onEveryHost(state, 'expand.1/host.prove-reverted') &&
      isDone(state, 'ca.withdraw'),
  },
  activated: {
    says: 'the default path of the CA is the new issuer, and the old one may no longer issue',
    holds: (state) => isDone(state, `${activate(state)}/ca.restrict-old`),
  },
  /** I3 */
  contracted: {
    says: 'after `keep` every host is observed on the new-only generation and gave its way back up',
    holds: (state) =>
      decidedKind(state, `outcome/${contract(state)}`) === 'keep' &&
      onEveryHost(state, `${contract(state)}/host.confirm`),
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
      !state.decisions.has('go/expand.1/0') &&
      activeHosts(state).every(
        (host) =>
          !state.effects.has(`expand.1/host.stage/${host}`) || isDone(state, `expand.1/host.discard/${host}`),
      ) &&
      (!state.effects.has('ca.prepare') || isDone(state, 'ca.withdraw')) &&
      ![...state.effects.values()].some(({ status }) => status === 'running'),
  },
} as const satisfies Record<string, Condition>;

export type ConditionName = keyof typeof CONDITIONS;
