import type { IssuedLeaf } from './ca-source.js';
import type { ProbeIdentity } from './probe.js';

/** Makes the certificates that are ours to make. */
export abstract class CertificateMint {
  /**
   * A generation marker: self-signed, `CN=<commonName>`, CA:false, expired in the year 2000, no EKU, its key
   * destroyed before this returns. Its name in CertificateRequest shows which generation a worker serves.
   */
  abstract marker(commonName: string): Promise<string>;

  /**
   * A CA for a fire drill, `CN=<commonName>`, which may sign one client and nothing else, and that client; both end at
   * `notAfter` (milliseconds since the epoch). `issuerPem` holds the CRL of the CA as well. The key of the CA is
   * destroyed before this returns.
   */
  abstract canary(commonName: string, notAfter: number): Promise<IssuedLeaf>;

  /** A client that no fleet trusts: a leaf of a CA made for this call. A control for every probe. */
  abstract stranger(): Promise<ProbeIdentity>;

  /**
   * A client of a CA that bears the name of `caPem` to the byte, and claims its key by its identifier, but has a key
   * of its own, made for this call. Whoever judges by names lets it in. Throws PortError `ca.unreadable` for a text
   * that is no certificate.
   */
  abstract impostor(caPem: string): Promise<ProbeIdentity>;
}
