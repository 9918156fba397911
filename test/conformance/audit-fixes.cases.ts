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

const TLS = 'listen 127.0.0.1:P1 ssl; PAIR';
const ASKS = 'ssl_client_certificate ca.pem; ssl_verify_client on;';
const OK = 'location / { return 200 "$ssl_client_s_dn"; }';
const server = (inside: string, listen = TLS) => `server {\n  ${listen}\n  ${inside}\n}`;

/** The three verdicts that every fix must leave right. */
const CLOSED: readonly Ask[] = [
  { who: 'nobody', before: '400', after: '400' },
  { who: 'stranger', before: '400', after: '400' },
  { who: 'good', before: '200', after: '200' },
];
const OPENED = (nobody: string, stranger: string): readonly Ask[] => [
  { who: 'nobody', before: nobody, after: '400' },
  { who: 'stranger', before: stranger, after: '400' },
  { who: 'good', before: '200', after: '200' },
];

const FORGED = { headers: ['X-SSL-Client-S-DN: CN=forged'], see: /x-ssl-client-s-dn: [^|]*/ } as const;
const SETS = 'proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn;';
const CBC = 'ECDHE-ECDSA-AES128-SHA';

export const VERIFICATION_FIXES: readonly FixCase[] = [
  { rule: 'verify-off', http: server(`ssl_client_certificate ca.pem; ${OK}`), asks: OPENED('200', '200') },
  {
    rule: 'verify-optional',
    http: server(`ssl_client_certificate ca.pem;\n  ssl_verify_client optional; # for now\n  ${OK}`),
    asks: OPENED('200', '400'),
  },
  {
    rule: 'verify-optional-no-ca',
    http: server(`ssl_client_certificate ca.pem; ssl_verify_client optional_no_ca; ${OK}`),
    asks: OPENED('200', '200'),
  },
  {
    rule: 'guard-incomplete',
    http: server(
      `ssl_client_certificate ca.pem; ssl_verify_client optional_no_ca; if ($ssl_client_verify = NONE) { return 403; } ${OK}`,
    ),
    asks: [
      { who: 'nobody', before: '403', after: '403' },
      { who: 'stranger', before: '200', after: '403' },
      { who: 'good', before: '200', after: '200' },
    ],
  },
  {
    rule: 'verify-without-tls',
    http: server(`${ASKS} ${OK}`, 'listen 127.0.0.1:P1; PAIR'),
    asks: [
      { who: 'nobody', tls: false, before: '200', after: '400' },
      { who: 'nobody', before: '0', after: '400' },
      { who: 'stranger', before: '0', after: '400' },
      { who: 'good', before: '0', after: '200' },
    ],
  },
  {
    rule: 'plain-listener',
    http: server(`${ASKS} ${OK}`, 'listen 127.0.0.1:P1 ssl;\n  listen 127.0.0.1:P2;\n  PAIR'),
    asks: [...CLOSED, { who: 'nobody', at: 'P2', tls: false, before: '200', after: '403' }],
  },
  {
    rule: 'depth-default',
    http: server(`${ASKS} ${OK}`),
    asks: [...CLOSED, { who: 'deep', before: '400', after: '200' }],
  },
  {
    rule: 'depth-too-small',
    clientDepth: 2,
    http: `ssl_verify_depth 1;\n${server(`${ASKS} ${OK}`)}`,
    asks: [...CLOSED, { who: 'deep', before: '400', after: '200' }],
  },
  {
    rule: 'error-page-masks-refusal',
    http: server(`${ASKS} error_page 495 496 =200 /ca.pem; ${OK} location = /ca.pem { root ./; }`),
    // The error page is a file of the test's own folder.
    outside: 'user root;\n',
    asks: OPENED('200', '200'),
  },
];

const NAMED = (name: string, ca: string) =>
  server(
    `server_name ${name}; ssl_client_certificate ${ca}; ssl_verify_client on; ssl_session_cache shared:s:1m; location / { return 200 ${name}; }`,
  );

export const SOCKET_FIXES: readonly FixCase[] = [
  {
    rule: 'no-sni-other-trust',
    http: `${NAMED('b.test', 'other.pem')}\n${NAMED('a.test', 'ca.pem')}`,
    asks: [
      { who: 'other', host: 'a.test', before: '200', after: '0' },
      { who: 'other', serverName: 'a.test', host: 'a.test', before: '400', after: '400' },
      { who: 'nobody', serverName: 'a.test', host: 'a.test', before: '400', after: '400' },
      { who: 'stranger', serverName: 'a.test', host: 'a.test', before: '400', after: '400' },
      { who: 'good', serverName: 'a.test', host: 'a.test', before: '200', after: '200' },
      { who: 'other', serverName: 'b.test', host: 'b.test', before: '200', after: '200' },
    ],
  },
  {
    rule: 'shared-socket-other-trust',
    http: `${NAMED('b.test', 'other.pem')}\n${NAMED('a.test', 'ca.pem')}`,
    asks: [
      {
        who: 'other',
        serverName: 'b.test',
        host: 'b.test',
        resume: { serverName: 'b.test' },
        see: 'resumed',
        before: 'true',
        after: 'false',
      },
      {
        who: 'other',
        serverName: 'a.test',
        host: 'a.test',
        resume: { serverName: 'b.test' },
        see: 'resumed',
        before: ['true', 'false'],
        after: 'false',
      },
      // Measured with OpenSSL 3.0: the old one resumes the session of another CA, and only the Host header gives
      // it away (421); the newer ones end the handshake.
      {
        who: 'other',
        serverName: 'a.test',
        host: 'a.test',
        resume: { serverName: 'b.test' },
        before: ['421', '0'],
        after: '400',
      },
      { who: 'nobody', serverName: 'a.test', host: 'a.test', before: '400', after: '400' },
      { who: 'stranger', serverName: 'a.test', host: 'a.test', before: '400', after: '400' },
      { who: 'good', serverName: 'a.test', host: 'a.test', before: '200', after: '200' },
    ],
  },
  {
    rule: 'session-resumption',
    http: server(`${ASKS} ssl_crl crl.pem;\n  ssl_session_cache shared:s:1m;\n  ${OK}`),
    asks: [
      ...CLOSED,
      { who: 'good', resume: { serverName: null }, see: 'resumed', before: 'true', after: 'false' },
      {
        who: 'good',
        resume: { serverName: null },
        options: { maxVersion: 'TLSv1.2' },
        see: 'resumed',
        before: 'true',
        after: 'false',
      },
    ],
  },
  {
    rule: 'session-ticket-key',
    http: `ssl_session_ticket_key ticket.key;\nssl_session_ticket_key ticket.key;\n${server(`${ASKS} ${OK}`)}`,
    asks: [
      ...CLOSED,
      {
        who: 'good',
        resume: { serverName: null, restart: true },
        see: 'resumed',
        before: 'true',
        after: 'false',
      },
    ],
  },
  {
    rule: 'protocols',
    http: server(`${ASKS} ssl_protocols TLSv1.1 TLSv1.2; ssl_ciphers DEFAULT@SECLEVEL=0; ${OK}`),
    asks: [
      ...CLOSED,
      {
        who: 'good',
        options: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
        before: '200',
        after: '0',
      },
    ],
  },
  {
    rule: 'ciphers',
    http: server(`${ASKS} ssl_protocols TLSv1.2; ${OK}`),
    asks: [
      ...CLOSED,
      { who: 'good', options: { maxVersion: 'TLSv1.2', ciphers: CBC }, before: '200', after: '0' },
    ],
  },
  { rule: 'stapling-unverified', http: server(`${ASKS} ssl_stapling on; ${OK}`), asks: CLOSED },
  { rule: 'worker-shutdown-timeout', http: server(`${ASKS} ${OK}`), asks: CLOSED },
  {
    rule: 'server-tokens',
    http: server(`${ASKS} ${OK}`),
    asks: [
      ...CLOSED,
      { who: 'nobody', see: /Server: nginx\/?/, before: 'Server: nginx/', after: 'Server: nginx' },
    ],
  },
];

export const IDENTITY_FIXES: readonly FixCase[] = [
  {
    rule: 'identity-header-forgeable',
    http: server(
      `${ASKS} ${SETS} location / { proxy_pass http://127.0.0.1:UP; } location /b { proxy_set_header Host $host; proxy_pass http://127.0.0.1:UP; }`,
    ),
    asks: [
      ...CLOSED,
      {
        who: 'good',
        path: '/b',
        ...FORGED,
        before: 'x-ssl-client-s-dn: CN=forged',
        after: 'x-ssl-client-s-dn: CN=good',
      },
      {
        who: 'good',
        path: '/',
        ...FORGED,
        before: 'x-ssl-client-s-dn: CN=good',
        after: 'x-ssl-client-s-dn: CN=good',
      },
    ],
  },
  {
    rule: 'identity-header-forgeable',
    http: `${server(`${ASKS} ${SETS} location / { proxy_pass http://127.0.0.1:UP; }`)}\n${server('location / { proxy_pass http://127.0.0.1:UP; }', 'listen 127.0.0.1:P2 ssl; PAIR')}`,
    asks: [
      ...CLOSED,
      { who: 'nobody', at: 'P2', ...FORGED, before: 'x-ssl-client-s-dn: CN=forged', after: '' },
    ],
  },
  {
    rule: 'identity-header-missing',
    http: server(`${ASKS} location / {\n    proxy_pass http://127.0.0.1:UP;\n  }`),
    asks: [
      ...CLOSED,
      { who: 'good', ...FORGED, before: 'x-ssl-client-s-dn: CN=forged', after: 'x-ssl-client-s-dn: CN=good' },
      { who: 'good', see: /x-ssl-client-verify: [^|]*/, before: '', after: 'x-ssl-client-verify: SUCCESS' },
    ],
  },
  {
    rule: 'identity-header-from-client',
    http: server(
      `${ASKS} location / { proxy_set_header X-SSL-Client-S-DN $http_x_ssl_client_s_dn; proxy_pass http://127.0.0.1:UP; }`,
    ),
    asks: [...CLOSED, { who: 'good', ...FORGED, before: 'x-ssl-client-s-dn: CN=forged', after: '' }],
  },
  {
    rule: 'identity-certificate-raw',
    http: server(
      `${ASKS} location / { proxy_set_header X-Cert $ssl_client_cert; proxy_pass http://127.0.0.1:UP; }`,
    ),
    asks: [
      { who: 'nobody', before: '400', after: '400' },
      { who: 'stranger', before: '400', after: '400' },
      { who: 'good', see: /x-cert: -----BEGIN%20/, before: '', after: 'x-cert: -----BEGIN%20' },
    ],
  },
  {
    rule: 'underscores-in-headers',
    http: server(`underscores_in_headers on; ${ASKS} ${SETS} location / { proxy_pass http://127.0.0.1:UP; }`),
    asks: [
      ...CLOSED,
      {
        who: 'good',
        headers: ['X_SSL_Client_S_DN: CN=forged'],
        see: /x_ssl_client_s_dn: [^|]*/,
        before: 'x_ssl_client_s_dn: CN=forged',
        after: '',
      },
    ],
  },
  {
    rule: 'dn-match-unanchored',
    http: `map $ssl_client_s_dn $role { default 0; ~CN=admin 1; }\n${server(`${ASKS} if ($role = 0) { return 403; } ${OK}`)}`,
    asks: [
      { who: 'nobody', before: '400', after: '400' },
      { who: 'stranger', before: '400', after: '400' },
      { who: 'good', before: '403', after: '403' },
      { who: 'admin', before: '200', after: '200' },
      { who: 'administrator', before: '200', after: '403' },
    ],
  },
  {
    rule: 'dn-match-unanchored',
    http: server(
      `${ASKS} location / { if ($ssl_client_s_dn !~ CN=x) { set $a 1; } if ($ssl_client_s_dn ~ CN=admin) { return 200; } return 403; }`,
    ),
    asks: [
      { who: 'nobody', before: '400', after: '400' },
      { who: 'good', before: '403', after: '403' },
      { who: 'admin', before: '200', after: '200' },
      { who: 'administrator', before: '200', after: '403' },
    ],
  },
];

/** nginx whose `stream` speaks TLS, which Debian's leaves out. */
export const STREAM_FIXES: readonly FixCase[] = [
  {
    rule: 'verify-optional',
    http: '',
    outside: `stream {\n  server {\n    listen 127.0.0.1:P1 ssl; PAIR\n    ssl_client_certificate ca.pem; ssl_verify_client optional;\n    proxy_pass 127.0.0.1:UP;\n  }\n}`,
    asks: [
      { who: 'nobody', before: '200', after: '0' },
      { who: 'stranger', before: '0', after: '0' },
      { who: 'good', before: '200', after: '200' },
    ],
  },
  {
    rule: 'verify-off',
    http: '',
    outside: `stream {\n  server {\n    listen 127.0.0.1:P1 ssl; PAIR\n    ssl_client_certificate ca.pem;\n    proxy_pass 127.0.0.1:UP;\n  }\n}`,
    asks: [
      { who: 'nobody', before: '200', after: '0' },
      { who: 'stranger', before: '200', after: '0' },
      { who: 'good', before: '200', after: '200' },
    ],
  },
];
