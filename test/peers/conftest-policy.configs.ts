import fc from 'fast-check';

const maybe = (...choices: readonly string[]) => fc.constantFrom('', ...choices);

const bundle = maybe(
  'ssl_client_certificate /ca.pem;',
  'ssl_client_certificate "/other.pem";',
  "ssl_client_certificate '';",
);
const verify = maybe(
  ...['on', 'off', 'optional', 'optional_no_ca', '"on"', "'optional'", '"off"'].map(
    (word) => `ssl_verify_client ${word};`,
  ),
);
const depth = maybe('ssl_verify_depth 1;', 'ssl_verify_depth "2";', 'ssl_verify_depth 3; # CAs');
const trusted = maybe('', 'ssl_trusted_certificate /all.pem;');
const trust = fc.tuple(bundle, verify, depth, trusted).map((lines) => lines.join('\n'));

const guard = fc.constantFrom(
  'if ($ssl_client_verify != SUCCESS) { return 403; }',
  'if ( $ssl_client_verify != "SUCCESS" ) { return 403; }',
  'if ($ssl_client_verify !~* ^success$) { return 403 "no"; }',
  'if ($ssl_client_verify = NONE) { return 403; }',
  'if ($ssl_client_verify ~ FAILED) { return 495; }',
  'if ($ssl_client_verify != SUCCESS) { set $bad 1; }',
  'if ($bad) { return 403; }',
  'if ($good = 0) { return 403; }',
  'if ($scheme = http) { return 301 https://$host; }',
);
const answer = fc.constantFrom(
  ...['proxy_pass http://app;', 'return 404;', 'return 200 ok;', 'internal;', 'deny all;', 'root /srv;'],
);
const location = fc
  .tuple(fc.constantFrom('/', '= /x', '~ "^/a{1,2}"', '@page'), fc.option(guard), answer)
  .map(([path, check, inside]) => `location ${path} { ${check ?? ''} ${inside} }`);

const listen = fc.constantFrom(
  ...[
    'listen 443 ssl;',
    'listen 0.0.0.0:443;',
    'listen [::]:443 ssl http2;',
    'listen 80;',
    'listen 8443 quic;',
  ],
  ...['listen unix:/run/n.sock ssl;', 'listen 443 ssl default_server; listen 80;', '', 'ssl on;'],
);
const name = maybe('server_name a.test;', 'server_name "b.test" c.test;', 'server_name _;');

const server = fc
  .tuple(
    listen,
    name,
    trust,
    fc.option(guard),
    fc.array(location, { maxLength: 3 }),
    maybe('ssl_reject_handshake on;', '', ''),
  )
  .map(
    ([where, who, inside, check, locations, reject]) =>
      `server {\n${[where, who, inside, check ?? '', ...locations, reject].join('\n')}\n}`,
  );
const streamServer = fc
  .tuple(fc.constantFrom('listen 1 ssl;', 'listen 443;', 'listen 2;'), trust, fc.constantFrom('app:1', '$to'))
  .map(([where, inside, target]) => `server { ${where} ${inside} proxy_pass ${target}; }`);

const maps = maybe(
  'map $ssl_client_verify $bad { default 1; SUCCESS 0; }',
  'map $ssl_client_verify $bad { default 0; NONE 1; "~^FAILED" 1; "" 1; }',
  'map $ssl_client_verify $good { default 0; "~^SUC" 1; }',
);
const switching = maybe('map $ssl_client_verify $to { default 127.0.0.1:9; SUCCESS app:1; }');

/** A configuration that says something of everything that the rules on verification, bundle and depth look at. */
export const anyServers: fc.Arbitrary<string> = fc
  .tuple(
    maps,
    trust,
    fc.array(server, { minLength: 1, maxLength: 4 }),
    switching,
    fc.array(streamServer, { maxLength: 2 }),
    fc.boolean(),
  )
  .map(([map, outer, servers, choice, streams, isPasted]) => {
    const http = [map, outer, ...servers].join('\n');
    return isPasted
      ? http
      : `events { }\nhttp {\n${http}\n}\nstream {\n${[choice, ...streams].join('\n')}\n}\n`;
  });
