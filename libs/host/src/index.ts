export { type HostPermission, installerScript } from './installer.js';
export { knownHostKey } from './known-host-key.js';
export { type KnownHostLine, KnownHostsFault, readKnownHosts } from './known-hosts.js';
export { hostKeyFingerprint, PINNABLE, type PinnableAlgorithm, pinnedHostKey } from './pinned-host-key.js';
export { privateKeyFault } from './private-key-fault.js';
export { readHostKey } from './read-host-key.js';
export { SshHostGateway } from './ssh-host-gateway.js';
