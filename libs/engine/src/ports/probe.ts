import type { Secret } from './secret.js';

/** Where a probe knocks: one listener of one host. */
export interface ProbeTarget {
  readonly address: string;
  readonly port: number;
  /** TLS SNI; null sends none, and then nginx's default server decides. */
  readonly serverName: string | null;
  /** HTTP path of the request, starting with `/`. */
  readonly path: string;
  /** `Host` of the request where it is not the server name: it may name another server of the same socket. */
  readonly host?: string;
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

/**
 * How a client wants to come back: by a session that the server remembers (RFC 5246 7.3), or by a ticket that it
 * keeps itself (RFC 5077; RFC 8446 2.2, where nginx may remember it as well).
 */
export type SessionKind = 'TLS 1.2 session id' | 'TLS 1.2 ticket' | 'TLS 1.3 ticket';

/** One TLS version, one kind of session, and perhaps one from an earlier visit. */
export interface Coming {
  readonly kind: SessionKind;
  readonly session: Secret | null;
}

export interface Visit {
  readonly answer: ProbeAnswer;
  /** The server took the session up, and asked for no certificate. */
  readonly resumed: boolean;
  /**
   * The newest session of that kind that the server gave, null when it gave none. A secret: whoever has it comes back as that
   * client, without its key.
   */
  readonly session: Secret | null;
}

/** Asks a listener as an outside client would. */
export abstract class Probe {
  /**
   * One fresh TLS connection (no resumption), one GET. `identity` null shows no certificate. It never throws for
   * what the network did: that is `no-answer`.
   */
  abstract ask(target: ProbeTarget, identity: ProbeIdentity | null): Promise<ProbeAnswer>;

  /**
   * One TLS connection of that version that offers the session, one GET. A server that does not take it up makes a full handshake, with the certificate of `identity`. Throws as
   * {@link ask} does; a session that is none is offered to nobody and counts as not taken up.
   */
  abstract visit(target: ProbeTarget, identity: ProbeIdentity, coming: Coming): Promise<Visit>;

  /**
   * The CA names in CertificateRequest (RFC 5246 7.4.4, RFC 8446 4.2.4), each as `CN=...,O=...` in RFC 4514 order,
   * read without any client key. They come from `ssl_client_certificate` only. Null when the listener asks for no
   * certificate. Throws PortError `probe.no-answer` (transient) when
   * nobody answers: that says nothing of what is served.
   */
  abstract servedCaNames(target: ProbeTarget): Promise<readonly string[] | null>;
}
