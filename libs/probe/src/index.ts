export { ANYWHERE, type ProbeReach, RegisteredHosts } from './reach.js';
export { TlsProbe, type TlsProbeOptions } from './tls-probe.js';
