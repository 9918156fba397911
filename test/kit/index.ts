export * from './fleet.js';
export * from './host.js';
export * from './pki.js';
export * from './postgres.js';
export * from './processes.js';
export * from './redis.js';
export * from './ssh-server.js';
export * from './vault.js';
