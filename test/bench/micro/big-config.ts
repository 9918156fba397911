import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Random } from '#simulation';

/** What stands in each server by `include`, as people who have a thousand of them write it. */
const SNIPPETS: Readonly<Record<string, string>> = {
  'ssl.conf': `ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384;
ssl_session_cache shared:edge:10m;
ssl_session_timeout 1h;
ssl_session_tickets off;
`,
  'headers.conf': `add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;
add_header X-Content-Type-Options nosniff always;
add_header X-Frame-Options DENY always;
`,
  'proxy.conf': `proxy_http_version 1.1;
proxy_set_header Host $host;
proxy_set_header Connection "";
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-SSL-Client-Verify $ssl_client_verify;
proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn;
`,
};

const MAIN = `user www-data;
worker_processes auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log info;
worker_shutdown_timeout 60s;
events {
    worker_connections 4096;
}
http {
    server_tokens off;
    server_names_hash_max_size 65536;
    access_log /var/log/nginx/access.log combined;
    map $http_upgrade $connection_upgrade { default upgrade; "" close; }
    include conf.d/*.conf;
}
`;

const WORDS = [
  'orders',
  'ledger',
  'stock',
  'tills',
  'partners',
  'reports',
  'search',
  'media',
  'mail',
  'auth',
];
const LOCATIONS = 14;

export interface BigConfig {
  readonly main: string;
  readonly files: number;
  readonly bytes: number;
  readonly servers: number;
}

/**
 * Writes a whole configuration of about so many bytes below `folder`: a file for each site, with an upstream, a
 * server that redirects and one that proxies, a quarter of which verify clients in one way or another. The same seed
 * gives the same text.
 */
export function writeBigConfig(folder: string, bytes: number, seed: number): BigConfig {
  const random = new Random(seed);
  let written = 0;
  const write = (name: string, text: string) => {
    const place = path.join(folder, name);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
    written += Buffer.byteLength(text);
  };
  write('nginx.conf', MAIN);
  for (const [name, text] of Object.entries(SNIPPETS)) write(`snippets/${name}`, text);
  let sites = 0;
  for (; written < bytes; sites += 1) {
    const name = `${random.pick(WORDS)}-${sites}`;
    write(`conf.d/${name}.conf`, siteOf(name, random));
  }
  const files = sites + 1 + Object.keys(SNIPPETS).length;
  return { main: path.join(folder, 'nginx.conf'), files, bytes: written, servers: 2 * sites };
}

function siteOf(name: string, random: Random): string {
  const backends = Array.from(
    { length: random.between(2, 6) },
    () => `    server 10.${random.between(0, 255)}.${random.between(0, 255)}.${random.between(1, 254)}:8080;`,
  );
  return `# ${name}: asked for by its team, see the wiki
upstream ${name} {
    keepalive 32;
${backends.join('\n')}
}
server {
    listen 80;
    server_name ${name}.example.net www.${name}.example.net;
    return 301 https://${name}.example.net$request_uri;
}
server {
    listen 443 ssl http2;
    server_name ${name}.example.net www.${name}.example.net;
    ssl_certificate /etc/nginx/tls/${name}.pem;
    ssl_certificate_key /etc/nginx/tls/${name}.key;
${verification(random)}    include snippets/ssl.conf;
    include snippets/headers.conf;
    access_log /var/log/nginx/${name}.log combined;
${Array.from({ length: LOCATIONS }, (_, index) => locationOf(name, index, random)).join('')}}
`;
}

/** Three in four ask nobody; the others in the ways that are met. */
function verification(random: Random): string {
  const ways = [
    ...['', '', ''],
    `    ssl_client_certificate /etc/nginx/trust/client-ca.pem;
    ssl_verify_client ${random.pick(['on', 'on', 'on', 'optional'])};
    ssl_verify_depth ${random.between(1, 3)};
`,
  ];
  return random.pick(ways);
}

function locationOf(name: string, index: number, random: Random): string {
  const part = `${random.pick(WORDS)}/v${random.between(1, 4)}/${index}`;
  const match = random.pick([`/${part}/`, `= /${part}`, `^~ /static/${part}/`]);
  const own = random.pick([
    '',
    '',
    `        add_header Cache-Control "public, max-age=${random.between(60, 86_400)}";\n`,
    `        if ($request_method = POST) {\n            return 405;\n        }\n`,
  ]);
  return `    location ${match} {
        # moved here from the old balancer
        include snippets/proxy.conf;
        proxy_read_timeout ${random.between(10, 120)}s;
        proxy_buffers 16 32k;
        client_max_body_size ${random.between(1, 64)}m;
${own}        proxy_pass http://${name};
    }
`;
}
