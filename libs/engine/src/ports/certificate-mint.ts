import type { ProbeIdentity } from './probe.js';

/** Makes the certificates that are ours to make. */
export abstract class CertificateMint {
  /**
   * A generation marker: self-signed, `CN=<commonName>`, CA:false, expired in the year 2000, no EKU, its key
   * destroyed before this returns. Its name in CertificateRequest shows which generation a worker serves.
   */
  abstract marker(commonName: string): Promise<string>;

  /** A client that no fleet trusts: a leaf of a CA made for this call. A control for every probe. */
  abstract stranger(): Promise<ProbeIdentity>;
}
