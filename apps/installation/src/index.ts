export * from './installation.js';
export type { InstallationLog } from './installation-log.js';
export { openRecords } from './records.js';
export { type Rewrapped, rewrapSecrets, rotateMasterKey } from './rewrap.js';
export { openStorage, type Storage, type StorageConfig } from './storage.js';
