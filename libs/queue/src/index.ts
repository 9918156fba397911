export { BullWakeups } from './bull-wakeups.js';
export type { QueuePlace } from './queue-engine.js';
