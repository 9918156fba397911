/** A configuration, what the audit must say of it, and nothing else of the same rule. */
export interface RuleCase {
  readonly rule: string;
  readonly what: string;
  /** What stands inside of http, or a whole configuration when it has `http {` in it. */
  readonly config: string;
  /** Line and severity of each finding of this rule; empty when it must be silent. */
  readonly found: readonly string[];
  readonly version?: string;
  readonly clientDepth?: number;
}

/** A server with nothing to say against but what a case adds. */
export function server(inside: string, listen = 'listen 443 ssl;'): string {
  return `server {
${listen} ssl_certificate s.pem; ssl_certificate_key s.key; ${inside}
}`;
}

const ASKS = 'ssl_client_certificate /ca.pem; ssl_verify_client on;';
const optional = 'ssl_client_certificate /ca.pem; ssl_verify_client optional;';
const noCa = 'ssl_verify_client optional_no_ca;';
const stream = (inside: string) => `stream {\nserver { ${inside} }\n}\nhttp { }`;

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
];

export const TRUST_CASES: readonly RuleCase[] = [
  {
    rule: 'bundle-missing',
    what: 'no bundle anywhere',
    config: server('ssl_verify_client on;'),
    found: ['2 error'],
  },
  {
    rule: 'bundle-missing',
    what: 'a bundle of http',
    config: `ssl_client_certificate /ca.pem;\n${server('ssl_verify_client on;')}`,
    found: [],
  },
  {
    rule: 'bundle-replaced',
    what: 'another bundle in http',
    config: `ssl_client_certificate /all.pem;\n${server(ASKS)}`,
    found: ['3 note'],
  },
  {
    rule: 'bundle-replaced',
    what: 'the same bundle in http',
    config: `ssl_client_certificate /ca.pem;\n${server(ASKS)}`,
    found: [],
  },
  { rule: 'depth-default', what: 'nothing said', config: server(ASKS), found: ['2 warning'] },
  {
    rule: 'depth-default',
    what: 'one said',
    config: server(`${ASKS}\nssl_verify_depth 1;`),
    found: ['3 warning'],
  },
  { rule: 'depth-default', what: 'room enough', config: server(`${ASKS} ssl_verify_depth 2;`), found: [] },
  {
    rule: 'depth-default',
    what: 'a depth that is known to do',
    config: server(ASKS),
    clientDepth: 1,
    found: [],
  },
  {
    rule: 'depth-too-small',
    what: 'clients below three CAs',
    config: server(`${ASKS}\nssl_verify_depth 2;`),
    clientDepth: 3,
    found: ['3 error'],
  },
  {
    rule: 'depth-too-small',
    what: 'clients below two CAs',
    config: server(`${ASKS}\nssl_verify_depth 2;`),
    clientDepth: 2,
    found: [],
  },
  {
    rule: 'trusted-file-widens',
    what: 'another file',
    config: server(`${ASKS}\nssl_trusted_certificate /all.pem;`),
    found: ['3 warning'],
  },
  {
    rule: 'trusted-file-widens',
    what: 'the bundle itself',
    config: server(`${ASKS}\nssl_trusted_certificate /ca.pem;`),
    found: [],
  },
  {
    rule: 'trusted-file-widens',
    what: 'a server that asks nobody',
    config: server('ssl_trusted_certificate /all.pem;'),
    found: [],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'a default server with another CA',
    config: `${server('ssl_client_certificate /b.pem; ssl_verify_client on; server_name b;')}\n${server(`${ASKS} server_name a;`)}`,
    found: ['1 error'],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'a default server that asks nobody',
    config: `${server(`${ASKS} server_name a;`)}\n${server('', 'listen 443 ssl default_server;')}`,
    found: ['4 warning'],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'a default server that rejects',
    config: `${server(`${ASKS} server_name a;`)}\nserver { listen 443 ssl default_server; ssl_reject_handshake on; }`,
    found: [],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'servers with the same trust',
    config: `${server(ASKS)}\n${server(ASKS)}`,
    found: [],
  },
  {
    rule: 'no-sni-other-trust',
    what: 'servers on other sockets',
    config: `${server(ASKS)}\n${server('', 'listen 8443 ssl;')}`,
    found: [],
  },
  {
    rule: 'shared-socket-other-trust',
    what: 'a neighbour that asks nobody',
    config: `${server(`${ASKS}\nserver_name a;`)}\n${server('server_name b;')}`,
    found: ['2 warning'],
  },
  {
    rule: 'shared-socket-other-trust',
    what: 'an nginx that has the flaw',
    config: `${server(ASKS)}\n${server('')}`,
    version: '1.26.2',
    found: ['2 error'],
  },
  {
    rule: 'shared-socket-other-trust',
    what: 'an nginx that has it no more',
    config: `${server(ASKS)}\n${server('')}`,
    version: '1.26.3',
    found: [],
  },
  {
    rule: 'shared-socket-other-trust',
    what: 'no resumption',
    config: `ssl_session_tickets off;\n${server(ASKS)}\n${server('')}`,
    found: [],
  },
  {
    rule: 'session-resumption',
    what: 'a CRL and tickets',
    config: server(`${ASKS}\nssl_crl /crl.pem;`),
    found: ['3 warning'],
  },
  {
    rule: 'session-resumption',
    what: 'a CRL and a cache',
    config: server(`${ASKS} ssl_session_tickets off; ssl_session_cache shared:a:1m;\nssl_crl /crl.pem;`),
    found: ['3 warning'],
  },
  {
    rule: 'session-resumption',
    what: 'a CRL alone',
    config: server(`${ASKS} ssl_session_tickets off; ssl_session_cache none;\nssl_crl /crl.pem;`),
    found: [],
  },
  {
    rule: 'session-resumption',
    what: 'a CRL taken back',
    config: `ssl_crl /crl.pem;\n${server(`${ASKS} ssl_crl "";`)}`,
    found: [],
  },
  {
    rule: 'session-ticket-key',
    what: 'a key file',
    config: `ssl_session_ticket_key /k;\n${server(ASKS)}`,
    found: ['1 warning'],
  },
  {
    rule: 'session-ticket-key',
    what: 'a key file without tickets',
    config: server(`${ASKS} ssl_session_tickets off; ssl_session_ticket_key /k;`),
    found: [],
  },
];

const INTERMEDIATE = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256';
const SETS = 'proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn;';

export const CONTENT_CASES: readonly RuleCase[] = [
  {
    rule: 'protocols',
    what: 'old versions',
    config: server('\nssl_protocols TLSv1.1 TLSv1.2;'),
    found: ['3 error'],
  },
  {
    rule: 'protocols',
    what: 'old versions of http, once',
    config: `ssl_protocols TLSv1;\n${server('')}\n${server('')}`,
    found: ['1 error'],
  },
  { rule: 'protocols', what: 'the default', config: server(''), found: ['1 warning'] },
  { rule: 'protocols', what: 'the default of a new nginx', config: server(''), version: '1.27.3', found: [] },
  { rule: 'protocols', what: 'new ones', config: server('ssl_protocols TLSv1.2 TLSv1.3;'), found: [] },
  { rule: 'ciphers', what: 'the default', config: server(''), found: ['1 warning'] },
  { rule: 'ciphers', what: 'TLS 1.3 only', config: server('ssl_protocols TLSv1.3;'), found: [] },
  { rule: 'ciphers', what: "Mozilla's", config: server(`ssl_ciphers ${INTERMEDIATE};`), found: [] },
  {
    rule: 'ciphers',
    what: "OpenSSL's words for good ones",
    config: server('ssl_ciphers "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL";'),
    found: [],
  },
  { rule: 'ciphers', what: 'RC4', config: server('\nssl_ciphers HIGH:RC4:!aNULL;'), found: ['3 error'] },
  {
    rule: 'ciphers',
    what: 'a security level',
    config: server(`\nssl_ciphers ${INTERMEDIATE}@SECLEVEL=0;`),
    found: ['3 error'],
  },
  {
    rule: 'ciphers',
    what: 'CBC',
    config: server(`\nssl_ciphers ${INTERMEDIATE}:ECDHE-RSA-AES128-SHA;`),
    found: ['3 warning'],
  },
  {
    rule: 'stapling-unverified',
    what: 'no verification',
    config: server('\nssl_stapling on;'),
    found: ['3 warning'],
  },
  {
    rule: 'stapling-unverified',
    what: 'verification',
    config: server('ssl_stapling on; ssl_stapling_verify on;'),
    found: [],
  },
  {
    rule: 'stapling-without-resolver',
    what: 'no resolver',
    config: server('\nssl_stapling on;'),
    found: ['3 warning'],
  },
  {
    rule: 'stapling-without-resolver',
    what: 'a resolver of http',
    config: `resolver 127.0.0.1;\n${server('ssl_stapling on;')}`,
    found: [],
  },
  {
    rule: 'stapling-without-resolver',
    what: 'a file',
    config: server('ssl_stapling on; ssl_stapling_file /o;'),
    found: [],
  },
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
  {
    rule: 'error-page-masks-refusal',
    what: '=200',
    config: server(`${ASKS}\nerror_page 495 496 =200 /x;`),
    found: ['3 error'],
  },
  {
    rule: 'error-page-masks-refusal',
    what: '=',
    config: server(`${ASKS}\nerror_page 400 = /x;`),
    found: ['3 warning'],
  },
  {
    rule: 'error-page-masks-refusal',
    what: 'another refusal',
    config: server(`${ASKS} error_page 495 496 =403 /x; error_page 404 =200 /y;`),
    found: [],
  },
  {
    rule: 'error-page-masks-refusal',
    what: 'a page of the upstream',
    config: server(`${ASKS}\nerror_page 496 @app; location @app { proxy_pass http://u; }`),
    found: ['3 error'],
  },
  {
    rule: 'error-page-masks-refusal',
    what: 'a location, where it is never looked at',
    config: server(`${ASKS} location / { error_page 495 =200 /x; }`),
    found: [],
  },
  {
    rule: 'server-tokens',
    what: 'nothing said, once for all',
    config: `http {\n${server('')}\n${server('')}\n}`,
    found: ['1 note'],
  },
  { rule: 'server-tokens', what: 'off', config: `server_tokens off;\n${server('')}`, found: [] },
  {
    rule: 'worker-shutdown-timeout',
    what: 'nothing said',
    config: `events { }\nhttp {\n${server(ASKS)}\n}`,
    found: ['1 note'],
  },
  {
    rule: 'worker-shutdown-timeout',
    what: 'said',
    config: `worker_shutdown_timeout 1m;\nhttp {\n${server(ASKS)}\n}`,
    found: [],
  },
  { rule: 'worker-shutdown-timeout', what: 'a block that was pasted', config: server(ASKS), found: [] },
  {
    rule: 'stream-unverified',
    what: 'a stream server that was forgotten',
    config: `stream {\nserver { listen 2 ssl; proxy_pass x:1; }\n}\nhttp {\n${server(ASKS)}\n}`,
    found: ['2 warning'],
  },
  {
    rule: 'stream-unverified',
    what: 'a stream server that asks',
    config: `stream {\nserver { listen 2 ssl; ${ASKS} proxy_pass x:1; }\n}\nhttp {\n${server(ASKS)}\n}`,
    found: [],
  },
  {
    rule: 'stream-passthrough',
    what: 'preread',
    config: stream('listen 1; ssl_preread on; proxy_pass x:1;'),
    found: ['2 note'],
  },
  {
    rule: 'vulnerable-version',
    what: 'the session flaw',
    config: `http {\n${server(ASKS)}\n}`,
    version: '1.24.0',
    found: ['1 warning'],
  },
  {
    rule: 'vulnerable-version',
    what: 'none that this configuration can meet',
    config: `http {\n${server('')}\n}`,
    version: '1.24.0',
    found: [],
  },
  {
    rule: 'vulnerable-version',
    what: 'OCSP in stream',
    config: stream(`listen 1 ssl; ${ASKS} ssl_ocsp on; proxy_pass x:1;`),
    version: '1.28.0',
    found: ['4 warning', '4 warning'],
  },
  {
    rule: 'vulnerable-version',
    what: 'the newest',
    config: `http {\n${server(`${ASKS} ssl_ocsp on;`)}\n}`,
    version: '1.31.3',
    found: [],
  },
  { rule: 'config-unreadable', what: 'an open block', config: 'server {', found: ['1 error'] },
  {
    rule: 'include-not-read',
    what: 'a file that is not there',
    config: '\ninclude tls.conf;',
    found: ['2 warning'],
  },
  {
    rule: 'suppression-without-reason',
    what: 'no reason',
    config: '# windlass-ignore verify-off\nx;',
    found: ['1 error'],
  },
];
