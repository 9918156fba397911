export { RotationChanged } from './command-refusals.js';
export * from './commands.js';
export * from './figures/read-figures.js';
export {
  type ReadServedTrust,
  type ServedTrust,
  trustIn,
  trustOfSeenGenerations,
} from './figures/served-trust.js';
export type { HostDrift } from './inspection/host-drift.js';
export { isWorldsDoing, logTrouble } from './log-trouble.js';
export { counted, countedProbe, type Measure, type Measurement, unmeasured } from './measure.js';
export type { Ports } from './perform/context.js';
export { Perform } from './perform/perform.js';
export * from './ports/index.js';
export { ROLES, type Role } from './roles.js';
export * from './rotation-plans.js';
export type { RotationRequest } from './rotation-request.js';
export type { RunnerLog } from './runner/drive.js';
export { InvariantViolated } from './runner/follower.js';
export { Runner } from './runner/runner.js';
export * from './schedules/schedules.js';
export { type Advice, adviceInWords, advise } from './verdict/advise.js';
export * from './verdict/fleet-clients.js';
export * from './verdict/fleet-crls.js';
export * from './verdict/fleet-drift.js';
export * from './verdict/fleet-preflight.js';
export * from './verdict/preflight.js';
export * from './verdict/uploaded-ca.js';
export * from './webhooks/event-types.js';
export { testEvent } from './webhooks/test-event.js';
export { WebhookLoop } from './webhooks/webhook-loop.js';
export { WorkerLoop } from './worker-loop.js';
