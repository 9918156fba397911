import type { Question } from './audit-client.js';

/** Who asks: a client that shows nothing, one in good standing, and those that must stay outside. */
export type Who = 'nobody' | 'stranger' | 'good' | 'other' | 'deep' | 'admin' | 'administrator';

export interface Ask extends Partial<Omit<Question, 'certificate' | 'port'>> {
  readonly who: Who;
  /** `P1` unless said. */
  readonly at?: 'P1' | 'P2';
  /** The session of an earlier question by the same client, asked with this name; `restart`: of an nginx before this one. */
  readonly resume?: { readonly serverName: string | null; readonly restart?: boolean };
  /** What is looked at; the status unless said. */
  readonly see?: 'resumed' | RegExp;
  /** Where the nginxes differ: what Debian's 1.22.1 does, and what the newer ones do. */
  readonly before: string | readonly [oldest: string, newer: string];
  readonly after: string;
}

export interface FixCase {
  readonly rule: string;
  /** Inside of http; `P1`, `P2` and `UP` stand for ports, `PAIR` for the server's own certificate. */
  readonly http: string;
  readonly clientDepth?: number;
  readonly asks: readonly Ask[];
  /** Outside of http. */
  readonly outside?: string;
}

export const TLS = 'listen 127.0.0.1:P1 ssl; PAIR';
/** Clients of the test's CA, and nobody else. */
export const ASKS = 'ssl_client_certificate ca.pem; ssl_verify_client on;';
export const OK = 'location / { return 200 "$ssl_client_s_dn"; }';
/** One server of the test, TLS on P1 unless said. */
export const server = (inside: string, listen = TLS) => `server {\n  ${listen}\n  ${inside}\n}`;

/** The three verdicts that every fix must leave right. */
export const CLOSED: readonly Ask[] = [
  { who: 'nobody', before: '400', after: '400' },
  { who: 'stranger', before: '400', after: '400' },
  { who: 'good', before: '200', after: '200' },
];
/** What an open door says to two of them before it is closed. */
export const OPENED = (nobody: string, stranger: string): readonly Ask[] => [
  { who: 'nobody', before: nobody, after: '400' },
  { who: 'stranger', before: stranger, after: '400' },
  { who: 'good', before: '200', after: '200' },
];

/** A client that says itself who it is, and what the upstream hears. */
export const FORGED = { headers: ['X-SSL-Client-S-DN: CN=forged'], see: /x-ssl-client-s-dn: [^|]*/ } as const;
/** What tells the upstream who the client is. */
export const SETS = 'proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn;';
export const CBC = 'ECDHE-ECDSA-AES128-SHA';
