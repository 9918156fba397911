export * from './commands.js';
export type { Ports } from './perform/context.js';
export { Perform } from './perform/perform.js';
export * from './ports/index.js';
export * from './runner.js';
export * from './schedules.js';
