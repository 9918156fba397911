import type { BundleCertificate } from './certificate.js';
import type { Finding } from './finding.js';

/** A text of PEM blocks and what is in it, in the order of the text. */
export interface Bundle {
  /** The certificates that nginx would read from it. */
  readonly certificates: readonly BundleCertificate[];
  /** What could not be read, or does not belong there. */
  readonly findings: readonly Finding[];
}
