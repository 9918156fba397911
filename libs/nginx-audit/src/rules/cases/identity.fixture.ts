import { ASKS, type RuleCase, SETS, server } from './rule-case.fixture.js';

export const IDENTITY_CASES: readonly RuleCase[] = [
  {
    rule: 'identity-header-forgeable',
    what: 'a location that drops what it would inherit',
    config: server(
      `${ASKS} ${SETS} location /a { proxy_pass http://u; }\nlocation /b { proxy_set_header Host $host; proxy_pass http://u/b; }`,
    ),
    found: ['3 error'],
  },
  {
    rule: 'identity-header-forgeable',
    what: 'a plain server to the same upstream',
    config: `${server(`${ASKS} location / { ${SETS} proxy_pass http://u; }`)}\nserver { listen 80; location / { proxy_pass http://u; } }`,
    found: ['4 error'],
  },
  {
    rule: 'identity-header-forgeable',
    what: 'a plain server that clears it',
    config: `${server(`${ASKS} location / { ${SETS} proxy_pass http://u; }`)}\nserver { listen 80; location / { proxy_set_header x-ssl-client_s_dn ""; proxy_pass http://u; } }`,
    found: [],
  },
  {
    rule: 'identity-header-forgeable',
    what: 'another upstream',
    config: server(
      `${ASKS} location /a { ${SETS} proxy_pass http://u; }\nlocation /b { proxy_pass http://v; }`,
    ),
    found: [],
  },
  {
    rule: 'identity-header-missing',
    what: 'a proxy that says nothing',
    config: server(`${ASKS}\nlocation / { proxy_pass http://u; }`),
    found: ['3 note'],
  },
  {
    rule: 'identity-header-missing',
    what: 'a proxy that says it',
    config: server(`${ASKS} ${SETS} location / { proxy_pass http://u; }`),
    found: [],
  },
  {
    rule: 'identity-header-from-client',
    what: "the client's own",
    config: server(
      `location / {\nproxy_set_header X-Client-Verify $http_x_client_verify; proxy_pass http://u; }`,
    ),
    found: ['3 error'],
  },
  {
    rule: 'identity-header-from-client',
    what: 'other headers',
    config: server('location / { proxy_set_header Upgrade $http_upgrade; proxy_pass http://u; }'),
    found: [],
  },
  {
    rule: 'identity-certificate-raw',
    what: 'the old variable',
    config: server(`${ASKS} location / {\nproxy_set_header X-C $ssl_client_cert; proxy_pass http://u; }`),
    found: ['3 warning'],
  },
  {
    rule: 'identity-certificate-raw',
    what: 'the raw one',
    config: server(`${ASKS} location / {\nproxy_set_header X-C $ssl_client_raw_cert; proxy_pass http://u; }`),
    found: ['3 error'],
  },
  {
    rule: 'identity-certificate-raw',
    what: 'the escaped one',
    config: server(
      `${ASKS} location / { proxy_set_header X-C $ssl_client_escaped_cert; proxy_pass http://u; }`,
    ),
    found: [],
  },
  {
    rule: 'underscores-in-headers',
    what: 'on',
    config: `underscores_in_headers on;\n${server(`${ASKS} ${SETS} location / { proxy_pass http://u; }`)}`,
    found: ['1 warning'],
  },
  {
    rule: 'underscores-in-headers',
    what: 'on, and no identity in headers',
    config: `underscores_in_headers on;\n${server('location / { proxy_pass http://u; }')}`,
    found: [],
  },
  {
    rule: 'dn-match-unanchored',
    what: 'a map',
    config: `map $ssl_client_s_dn $a {\n~CN=x 1;\n~*^CN=x,O=y$ 1;\n"~(?:^|,)CN=x(?:,|$)" 1;\nCN=x 1; }\n${server(ASKS)}`,
    found: ['2 error'],
  },
  {
    rule: 'dn-match-unanchored',
    what: 'an if',
    config: server(
      `${ASKS}\nif ($ssl_client_s_dn !~ CN=x) { return 403; }\nlocation / {\nif ($ssl_client_s_dn ~ "CN=x") { return 200; } }`,
    ),
    found: ['5 error'],
  },
  {
    rule: 'dn-match-unanchored',
    what: 'a map of something else',
    config: `map $uri $a { ~x 1; }\n${server(ASKS)}`,
    found: [],
  },
  {
    rule: 'dn-map-open',
    what: 'a list of who may not',
    config: `map $ssl_client_s_dn $ok { default 1; CN=bad 0; }\n${server(`${ASKS} if ($ok = 0) { return 403; }`)}`,
    found: ['1 error'],
  },
  {
    rule: 'dn-map-open',
    what: 'a list of who may',
    config: `map $ssl_client_s_dn $ok { default 0; CN=good 1; }\n${server(`${ASKS} if ($ok = 0) { return 403; }`)}`,
    found: [],
  },
];
