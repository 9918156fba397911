import type { Secret } from './secret.js';

/** Where a probe knocks: one listener of one host. */
export interface ProbeTarget {
  readonly address: string;
  readonly port: number;
  /** TLS SNI; null sends none, and then nginx's default server decides. */
  readonly serverName: string | null;
  /** HTTP path of the request, starting with `/`. */
  readonly path: string;
}

/** What a client shows: its leaf, then the intermediates it sends, all PEM. */
export interface ProbeIdentity {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly privateKey: Secret;
}

/** What came back. A TLS 1.3 server refuses after the handshake, hence one shape for both. */
export type ProbeAnswer =
  | { readonly kind: 'http'; readonly status: number; readonly tls: string }
  | { readonly kind: 'tls-refused'; readonly alert: string }
  | { readonly kind: 'no-answer'; readonly reason: string };

/** Asks a listener as an outside client would. */
export abstract class Probe {
  /**
   * One fresh TLS connection (no resumption), one GET. `identity` null shows no certificate. It never throws for
   * what the network did: that is `no-answer`.
   */
  abstract ask(target: ProbeTarget, identity: ProbeIdentity | null): Promise<ProbeAnswer>;

  /**
   * The CA names in CertificateRequest (RFC 5246 7.4.4, RFC 8446 4.2.4), each as `CN=...,O=...` in RFC 4514 order,
   * read without any client key. They come from `ssl_client_certificate` only. Null when the listener asks for no
   * certificate. Throws PortError `probe.no-answer` (transient) when
   * nobody answers: that says nothing of what is served.
   */
  abstract servedCaNames(target: ProbeTarget): Promise<readonly string[] | null>;
}
