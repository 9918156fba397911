import type { ProbeIdentity } from './probe.js';

/** A CA whose certificates people bring, and one client of it, with which its hosts are probed. */
export interface UploadedCa {
  readonly id: string;
  /** One self-signed certificate. */
  readonly certificatePem: string;
  /** `current`: clients get certificates from it, as far as anybody said; `next`: the next rotation brings it. */
  readonly state: 'current' | 'next' | 'past';
  readonly probe: ProbeIdentity;
  /** Its CRL, PEM; null where none was brought. */
  readonly crlPem: string | null;
}

export interface NewUploadedCa {
  readonly certificatePem: string;
  /** Lower-case hex SHA-256 of the certificate. */
  readonly fingerprint: string;
  readonly probe: ProbeIdentity;
  readonly crlPem?: string;
}

/** What people brought, by issuing CA. Keys are opened on the way out and never leave as text. */
export abstract class UploadedCas {
  /** Oldest first; none for an issuing CA that is not known. */
  abstract list(issuingCaId: string): Promise<readonly UploadedCa[]>;
  /**
   * Makes it the next one, in the place of another that was to be. A certificate that is known gets the probe
   * and the CRL where one is given, and one that is current stays so.
   */
  abstract add(issuingCaId: string, ca: NewUploadedCa): Promise<UploadedCa>;
  /**
   * Makes `to` the current one where `from` is, or where it is already. The newer of the two, when it is not current,
   * is the next one. Returns the id of the one that is current then.
   */
  abstract makeCurrent(issuingCaId: string, from: string, to: string): Promise<string>;
}
