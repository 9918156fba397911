import type { ChainQuestion, ChainVerdict } from '#trust';

/** One run of `openssl verify` with nginx's settings, as any machine can do it. Certificates and CRLs only, no keys. */
export interface OpensslQuestion {
  /** Everything that nginx loads into its store, PEM. */
  readonly store: string;
  /** What the client sends beside its certificate, PEM; empty when nothing. */
  readonly sent: string;
  /** The client certificate, PEM. */
  readonly leaf: string;
  /** `ssl_verify_depth` */
  readonly depth: number;
  /** `ssl_crl` is set: every CA of the chain needs a CRL. */
  readonly checkCrls: boolean;
  /** OpenSSL's security level, 0 to 5. */
  readonly securityLevel: number;
}

/** How a run of `openssl` ended. */
export interface OpensslAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Throws PortError when it cannot be run. */
export type AskOpenssl = (question: OpensslQuestion) => Promise<OpensslAnswer>;

/** Gives nginx's own verdict on a client chain (facts.md 1). Throws PortError `verifier.unavailable`. */
export abstract class ChainVerifier {
  abstract verify(question: ChainQuestion): Promise<ChainVerdict>;
  /** The same verdicts by another OpenSSL, such as a host's own. */
  abstract by(ask: AskOpenssl): ChainVerifier;
}
