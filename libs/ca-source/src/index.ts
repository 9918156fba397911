export * from './bootstrap-pki.js';
export * from './sandbox/pki-sandbox.js';
export * from './vault/vault-ca-source.js';
