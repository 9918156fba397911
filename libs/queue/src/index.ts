export { BullWakeups, type QueuePlace } from './bull-wakeups.js';
