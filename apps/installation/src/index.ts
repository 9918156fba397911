export * from './installation.js';
export { openRecords } from './records.js';
