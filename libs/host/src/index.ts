export { type HostPermission, installerScript } from './installer.js';
export { SshHostGateway } from './ssh-host-gateway.js';
