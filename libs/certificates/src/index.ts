export type { LocalOpensslOptions } from './local-openssl.js';
export { OpensslChainVerifier } from './openssl-chain-verifier.js';
export { X509Mint } from './x509-mint.js';
