export * from './bootstrap-pki.js';
export * from './ca-sources.js';
export * from './sandbox/pki-sandbox.js';
export * from './vault/logged-in-ca-source.js';
export * from './vault/policy.js';
export * from './vault/vault-ca-source.js';
export * from './vault/vault-logins.js';
export * from './vault/wrapped-secret-id.js';
