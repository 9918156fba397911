export { OpensslChainVerifier, type OpensslChainVerifierOptions } from './openssl-chain-verifier.js';
export { X509Mint } from './x509-mint.js';
