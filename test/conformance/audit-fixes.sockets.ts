import { ASKS, CBC, CLOSED, type FixCase, OK, server } from './audit-fixes.case.js';

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
