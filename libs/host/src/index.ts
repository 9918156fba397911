export { type HostPermission, installerScript } from './installer.js';
export { knownHostKey } from './known-host-key.js';
export { type KnownHostLine, KnownHostsFault, readKnownHosts } from './known-hosts.js';
export { PINNABLE, pinnedHostKey } from './pinned-host-key.js';
export { SshHostGateway } from './ssh-host-gateway.js';
