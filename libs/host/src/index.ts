export { SshHostGateway } from './ssh-host-gateway.js';
