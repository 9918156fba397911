export { TlsProbe, type TlsProbeOptions } from './tls-probe.js';
