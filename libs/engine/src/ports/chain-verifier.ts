/** One question: would nginx with these settings accept this client? */
export interface ChainQuestion {
  /** `ssl_client_certificate`. */
  readonly bundlePem: string;
  /** `ssl_trusted_certificate`, which nginx trusts for clients as well; empty when not set. */
  readonly trustedPem: string;
  /**
   * `ssl_crl`, empty or left out when not set. nginx then wants a valid CRL of every CA of the chain
   * (X509_V_FLAG_CRL_CHECK_ALL). Before nginx 1.27.2 each of the three files may hold certificates and CRLs, so a
   * CA that stands in this one is trusted; since then only CRLs count here, and here alone.
   */
  readonly crlPem?: string;
  /** `ssl_verify_depth`; nginx's default is 1. It counts intermediates. */
  readonly depth: number;
  readonly leafPem: string;
  /** Intermediates that the client sends; empty when none. */
  readonly sentPem: string;
  /** OpenSSL's security level there, 0 to 5: `@SECLEVEL` of `ssl_ciphers`; Debian's default, 2, when left out. */
  readonly securityLevel?: number;
  /** Such as `1.22.1`; which files nginx reads how depends on it. Debian 12's when left out. */
  readonly nginxVersion?: string;
}

export type ChainVerdict =
  | { readonly verdict: 'accepted' }
  /** `cause` is OpenSSL's own sentence, such as `unable to get local issuer certificate`. */
  | { readonly verdict: 'refused'; readonly cause: string };

/** Gives nginx's own verdict on a client chain (facts.md 1). Throws PortError `verifier.unavailable`. */
export abstract class ChainVerifier {
  abstract verify(question: ChainQuestion): Promise<ChainVerdict>;
}
