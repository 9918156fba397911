import { ASKS, CLOSED, type FixCase, FORGED, OK, SETS, server } from './audit-fixes.case.js';

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
  {
    rule: 'inherited-lines-dropped',
    http: `error_page 495 496 =403 /refused;\n${server(
      `${ASKS} error_page 404 /missing; add_header Strict-Transport-Security max-age=1 always;
  location / { add_header X-A b; return 200; } location = /refused { return 403; }`,
    )}`,
    asks: [
      { who: 'nobody', before: '400', after: '403' },
      { who: 'stranger', before: '400', after: '403' },
      { who: 'good', before: '200', after: '200' },
      {
        who: 'good',
        see: /Strict-Transport-Security: .*/,
        before: '',
        after: 'Strict-Transport-Security: max-age=1',
      },
    ],
  },
];
