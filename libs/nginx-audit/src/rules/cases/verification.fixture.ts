import { ASKS, type RuleCase, server, stream } from './rule-case.fixture.js';

const optional = 'ssl_client_certificate /ca.pem; ssl_verify_client optional;';
const noCa = 'ssl_verify_client optional_no_ca;';

export const VERIFICATION_CASES: readonly RuleCase[] = [
  {
    rule: 'verify-off',
    what: 'a bundle alone',
    config: server('ssl_client_certificate /ca.pem;'),
    found: ['2 error'],
  },
  {
    rule: 'verify-off',
    what: 'off in words',
    config: server('ssl_client_certificate /ca.pem;\nssl_verify_client off;'),
    found: ['3 error'],
  },
  {
    rule: 'verify-off',
    what: 'a public server among others',
    config: `${ASKS}\n${server('\nssl_verify_client off;')}`,
    found: ['4 warning'],
  },
  { rule: 'verify-off', what: 'no bundle', config: server(''), found: [] },
  {
    rule: 'verify-off',
    what: 'a bundle taken back',
    config: `ssl_client_certificate /ca.pem;\n${server('ssl_client_certificate "";')}`,
    found: [],
  },
  {
    rule: 'verify-off',
    what: 'a server without TLS',
    config: server('ssl_client_certificate /ca.pem;', 'listen 80;'),
    found: [],
  },
  {
    rule: 'verify-optional',
    what: 'no guard',
    config: server(`${optional} location / { }`),
    found: ['2 error'],
  },
  {
    rule: 'verify-optional',
    what: 'a guard in the server',
    config: server(`${optional} if ($ssl_client_verify != SUCCESS) { return 403; } location / { }`),
    found: [],
  },
  {
    rule: 'verify-optional',
    what: 'a quoted guard',
    config: server(`${optional} if ( $ssl_client_verify != "SUCCESS" ) { return 403; } location / { }`),
    found: [],
  },
  {
    rule: 'verify-optional',
    what: 'a guard by expression',
    config: server(`${optional} if ($ssl_client_verify !~ ^SUCCESS$) { return 403; }`),
    found: [],
  },
  {
    rule: 'verify-optional',
    what: 'a guard through a map',
    config: `map $ssl_client_verify $bad { default 1; SUCCESS 0; }\n${server(`${optional} if ($bad) { return 403; }`)}`,
    found: [],
  },
  {
    rule: 'verify-optional',
    what: 'a map the wrong way',
    config: `map $ssl_client_verify $bad { default 0; NONE 1; }\n${server(`${optional} if ($bad) { return 403; }`)}`,
    found: ['3 error'],
  },
  {
    rule: 'verify-optional',
    what: 'a guard that only logs',
    config: server(`${optional} if ($ssl_client_verify != SUCCESS) { set $bad 1; }`),
    found: ['2 error'],
  },
  {
    rule: 'verify-optional',
    what: 'a guard in one location of two',
    config: server(
      `${optional} location /a { if ($ssl_client_verify != SUCCESS) { return 403; } } location /b { }`,
    ),
    found: ['2 warning'],
  },
  {
    rule: 'verify-optional',
    what: 'a guard where anything is served',
    config: server(
      `${optional} location /a { if ($ssl_client_verify != SUCCESS) { return 403; } } location / { return 404; } location /i { internal; } location /d { deny all; }`,
    ),
    found: [],
  },
  {
    rule: 'verify-optional',
    what: 'stream, where nothing can guard',
    config: stream(`listen 1 ssl; ${optional} proxy_pass x:1;`),
    found: ['2 error'],
  },
  {
    rule: 'verify-optional',
    what: 'stream that switches by the outcome',
    config: `stream {\nmap $ssl_client_verify $to { default 127.0.0.1:9; SUCCESS app:1; }\nserver { listen 1 ssl; ${optional} proxy_pass $to; }\n}`,
    found: [],
  },
  { rule: 'verify-optional-no-ca', what: 'no guard', config: server(noCa), found: ['2 error'] },
  {
    rule: 'verify-optional-no-ca',
    what: 'a guard',
    config: server(`${noCa} if ($ssl_client_verify != SUCCESS) { return 403; }`),
    found: [],
  },
  {
    rule: 'verify-optional-no-ca',
    what: 'a guard that knows NONE only',
    config: server(`${noCa} if ($ssl_client_verify = NONE) { return 403; }`),
    found: ['2 error'],
  },
  {
    rule: 'guard-incomplete',
    what: 'a guard that knows NONE only',
    config: server(`${noCa}\nif ($ssl_client_verify = NONE) { return 403; }`),
    found: ['3 error'],
  },
  {
    rule: 'guard-incomplete',
    what: 'a guard in a location',
    config: server(`${optional}\nlocation / {\nif ($ssl_client_verify ~ FAILED) { return 403; } }`),
    found: ['4 error'],
  },
  {
    rule: 'guard-incomplete',
    what: 'a guard that is closed',
    config: server(`${noCa}\nif ($ssl_client_verify != SUCCESS) { return 403; }`),
    found: [],
  },
  {
    rule: 'verify-without-tls',
    what: 'a listen without ssl',
    config: server(ASKS, 'listen 443;'),
    found: ['2 error'],
  },
  {
    rule: 'verify-without-tls',
    what: 'a redirect below an http that verifies',
    config: `${ASKS}\nserver { listen 80; return 301 https://$host; }`,
    found: [],
  },
  {
    rule: 'plain-listener',
    what: 'both ports',
    config: server(ASKS, 'listen 443 ssl;\nlisten 80;'),
    found: ['3 error'],
  },
  {
    rule: 'plain-listener',
    what: 'both ports and a guard',
    config: server(
      `${ASKS} if ($ssl_client_verify != SUCCESS) { return 403; }`,
      'listen 443 ssl;\nlisten 80;',
    ),
    found: [],
  },
  {
    rule: 'plain-listener',
    what: 'both ports and a redirect',
    config: server(
      `${ASKS} if ($scheme = http) { return 301 https://$host; }`,
      'listen 443 ssl;\nlisten 80;',
    ),
    found: [],
  },
  {
    rule: 'verify-without-tls',
    what: 'a listen that speaks TLS because its neighbour does',
    config: `${server('')}\n${server(ASKS, 'listen 443;')}`,
    found: [],
  },
];
