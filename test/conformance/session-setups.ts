import type { SessionKind } from '#engine';

/** One way to keep sessions, as an operator writes it. */
export interface SessionSetup {
  readonly name: string;
  /** `zone` is a name that no other server of the test uses. */
  readonly directives: (zone: string) => string;
  /** What a client can come back by while nothing is changed. */
  readonly resumes: readonly SessionKind[];
  readonly tellsLayoutsApart?: true;
}

const TICKETS: readonly SessionKind[] = ['TLS 1.2 ticket', 'TLS 1.3 ticket'];
/** nginx remembers what a TLS 1.3 ticket stands for where it gives no tickets of the other kind. */
const REMEMBERED: readonly SessionKind[] = ['TLS 1.2 session id', 'TLS 1.3 ticket'];
const ALL: readonly SessionKind[] = ['TLS 1.2 session id', ...TICKETS];
const shared = (zone: string) => `ssl_session_cache shared:${zone}:1m;`;
const NO_TICKETS = 'ssl_session_tickets off;';
const KEY = 'ssl_session_ticket_key ticket.key;';

export const SESSION_SETUPS: readonly SessionSetup[] = [
  { name: 'nothing said', directives: () => '', resumes: TICKETS, tellsLayoutsApart: true },
  { name: 'nothing kept', directives: () => `ssl_session_cache none; ${NO_TICKETS}`, resumes: [] },
  {
    name: 'a shared cache',
    directives: (zone) => `${shared(zone)} ${NO_TICKETS}`,
    resumes: REMEMBERED,
    tellsLayoutsApart: true,
  },
  { name: 'a shared cache and tickets', directives: shared, resumes: ALL, tellsLayoutsApart: true },
  {
    name: 'a built-in and a shared cache',
    directives: (zone) => `ssl_session_cache builtin:100 shared:${zone}:1m; ${NO_TICKETS}`,
    resumes: REMEMBERED,
  },
  { name: 'a built-in cache and tickets', directives: () => 'ssl_session_cache builtin:100;', resumes: ALL },
  {
    name: 'a ticket key file',
    directives: () => `ssl_session_cache none; ${KEY}`,
    resumes: TICKETS,
    tellsLayoutsApart: true,
  },
  {
    name: 'a ticket key file and a shared cache',
    directives: (zone) => `${shared(zone)} ${KEY}`,
    resumes: ALL,
  },
];

/**
 * How the CA is dropped: re-keyed under its own name with a marker in the bundle or without, or in favour of one with
 * another name. The bundle is `<change>.pem`.
 */
export type Change = 'marked' | 'unmarked' | 'renamed';

/** What the socket looks like on which clients of the dropped CA had their sessions. */
export interface Layout {
  readonly name: string;
  readonly change: Change;
  /** The server in front of ours, which is the default one then; null where ours is. */
  readonly before: ((bundle: string, setup: string) => string) | null;
  readonly behind?: (bundle: string, setup: string) => string;
}

const OTHER = 'ssl_client_certificate other.pem; ssl_verify_client on;';
const other = (_: string, setup: string) => `${OTHER} ${setup}`;

export const ALONE = 'alone';

export const LAYOUTS: readonly Layout[] = [
  { name: ALONE, change: 'marked', before: null },
  { name: ALONE, change: 'unmarked', before: null },
  { name: ALONE, change: 'renamed', before: null },
  { name: 'the default server, beside another CA', change: 'marked', before: null, behind: other },
  { name: 'behind another CA', change: 'marked', before: other },
  { name: 'behind another CA', change: 'renamed', before: other },
  { name: 'behind a public server', change: 'marked', before: (_, setup) => setup },
  {
    name: 'behind a server that rejects handshakes',
    change: 'marked',
    before: (_, setup) => `ssl_reject_handshake on; ${setup}`,
  },
  {
    name: 'behind a server that only names the bundle',
    change: 'marked',
    before: (bundle, setup) => `ssl_client_certificate ${bundle}; ssl_verify_client off; ${setup}`,
  },
  {
    name: 'behind a server that asks for the bundle, too',
    change: 'marked',
    before: (bundle, setup) => `ssl_client_certificate ${bundle}; ssl_verify_client optional; ${setup}`,
  },
  {
    name: 'behind a server that keeps no sessions',
    change: 'marked',
    before: () => `${OTHER} ssl_session_cache none; ${NO_TICKETS}`,
  },
];
