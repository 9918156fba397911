export { actorId, actorText } from './actor.js';
export {
  awaitsApproval,
  isApproved,
  needsApproval,
  trustDiffDigest,
  trustDiffInWords,
  trustDiffOf,
} from './approval.js';
export { audit } from './audit.js';
export { type AuditableEntry, Auditor } from './auditor.js';
export * from './batches.js';
export { type ClientChange, clientsInWords } from './clients-in-words.js';
export { CONDITIONS, type Condition, type ConditionName } from './conditions.js';
export {
  describeHosts,
  describeRotation,
  describeWithoutHosts,
  type RotationDescription,
} from './describe.js';
export * from './effects.js';
export * from './events.js';
export * from './evidence.js';
export * from './explain.js';
export * from './fleets.js';
export { IllegalEvent } from './illegal-event.js';
export { INTENTS, type IntentRule } from './intents.js';
export * from './invariants.js';
export { type Observation, observationsOf } from './observations.js';
export * from './plan.js';
export { keepsCrls } from './plan-refresh.js';
export { type PlannedPhase, plannedPhases } from './planned-phases.js';
export { plannedWork } from './planned-work.js';
export { postmortem } from './postmortem/postmortem.js';
export * from './reduce.js';
export {
  isRefreshing,
  keptOverlaps,
  lastDecidedRefresh,
  refreshTry,
  renewedNow,
  triedOverlaps,
} from './refresh.js';
export { SIGNALS, type Signal, signalOf } from './signals.js';
export * from './state.js';
export * from './status.js';
export { type Action, backoff } from './steps.js';
export { COURSES, type Course, courseOf, lastTryOf } from './strategy.js';
export { TRANSITIONS, type Transition } from './transitions.js';
export * from './upcast.js';
export { isGateOpen, usageVerdict } from './usage-gate.js';
export * from './usage-verdict.js';
export * from './vocabulary.js';
export { busyScopes, renewalsDue, undecidedHosts } from './waiting.js';
