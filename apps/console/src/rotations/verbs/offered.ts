import {
  activeHosts,
  actorId,
  awaitsApproval,
  hostsInTheWay,
  isGateOpen,
  isHeld,
  keepsCrls,
  type RotationState,
  usageVerdict,
} from '#rotation';
import { mayOf } from '../../session/may.js';
import type { Self } from '../../session/session.js';

export type Verb = 'approve' | 'resume' | 'retry' | 'override' | 'pause' | 'abort';

type Caller = Pick<Self, 'actor' | 'roles' | 'fleets'>;

/** When each makes sense, as RotationCommands judges it; the API has the last word. */
const MAKES_SENSE: Readonly<Record<Verb, (state: RotationState) => boolean>> = {
  approve: awaitsApproval,
  resume: ({ paused }) => paused !== null,
  retry: (state) => (isWaiting(state) && !isHeld(state)) || keepsCrls(state),
  override: (state) => state.phase === 'soak' && !state.override && !isGateOpen(state),
  pause: ({ paused }) => paused === null,
  abort: ({ abort, decisions }) =>
    abort === null && !decisions.has('outcome/expand.1') && !decisions.has('contract.1'),
};

const VERBS = Object.keys(MAKES_SENSE) as readonly Verb[];

/** What this caller may ask of the rotation now, what is most likely wanted first. */
export function verbsOffered(state: RotationState, self: Caller): readonly Verb[] {
  if (state.ended) return [];
  return VERBS.filter((verb) => MAKES_SENSE[verb](state) && may(state, self, verb));
}

/** Hosts that this caller may give up now, by id. */
export function hostsToGiveUp(state: RotationState, self: Caller): readonly string[] {
  if (state.ended || !mayOf(self).change || activeHosts(state).length === 1) return [];
  return hostsInTheWay(state);
}

function may(state: RotationState, self: Caller, verb: Verb): boolean {
  if (verb !== 'approve') return mayOf(self).change;
  return mayOf(self).approve && actorId(self.actor) !== actorId(state.snapshot.requestedBy);
}

function isWaiting(state: RotationState): boolean {
  const failing = [...state.effects.values()].some(({ status }) => status === 'failed');
  return failing || usageVerdict(state)?.open === false;
}
