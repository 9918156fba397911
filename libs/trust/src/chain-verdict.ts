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

/** One thing that OpenSSL holds against a chain. */
export interface ChainFault {
  /** X509_V_ERR_*, as `openssl verify` and nginx's error log number it. */
  readonly code: number;
  /** Which certificate: 0 the client's own, 1 its issuer, and so on upwards. */
  readonly depth: number;
  /** Subject of that certificate in the notation of RFC 2253, as nginx shows it; empty when it has none. */
  readonly subject: string;
}

export type ChainVerdict =
  | { readonly verdict: 'accepted' }
  | {
      readonly verdict: 'refused';
      /** OpenSSL's own sentence, such as `unable to get local issuer certificate`. */
      readonly cause: string;
      /** What is wrong with the chain, the first one first; none when a file cannot be loaded or read. */
      readonly faults: readonly ChainFault[];
    };
