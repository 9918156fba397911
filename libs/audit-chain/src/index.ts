export { ChainCheck, type ChainFault } from './chain-check.js';
export * from './entry.js';
export { exportLine, readExportLine } from './export-line.js';
export { canonicalJson, hashOf, linked } from './hash.js';
