import { ASKS, CLOSED, type FixCase, OK, OPENED, server } from './audit-fixes.case.js';

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
