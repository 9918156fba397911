export * from './commands.js';
export type { Ports } from './perform/context.js';
export { Perform } from './perform/perform.js';
export * from './ports/index.js';
export type { RunnerLog } from './runner/drive.js';
export { InvariantViolated } from './runner/follower.js';
export { Runner } from './runner/runner.js';
export * from './schedules.js';
export { WorkerLoop } from './worker-loop.js';
