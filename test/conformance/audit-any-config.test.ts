import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { auditConfig, fixConfig, parseIncludeTree, sourceOf } from '#nginx-audit';
import { revocationList } from '../kit/crl.js';
import { makeCa, type TestCertificate } from '../kit/pki.js';
import { ask } from './audit-client.js';
import { freePorts, LocalNginx, NginxFolder } from './local-nginx.js';

vi.setConfig({ testTimeout: 240_000 });

let folder: NginxFolder;
let good: TestCertificate;
let stranger: TestCertificate;

beforeAll(async () => {
  folder = await NginxFolder.create();
  const ca = await makeCa({ commonName: 'ca' });
  const other = await makeCa({ commonName: 'other' });
  good = await ca.issueClient({ commonName: 'good' });
  stranger = await (await makeCa({ commonName: 'ca' })).issueClient({ commonName: 'good' });
  const pair = await other.issueClient({ commonName: 'a.test', extendedKeyUsages: [] });
  await folder.write('server.pem', pair.certificatePem);
  await folder.write('server.key', pair.privateKeyPem);
  await folder.write('ca.pem', ca.certificatePem);
  await folder.write('other.pem', other.certificatePem);
  await folder.write('crl.pem', await revocationList(ca));
  await folder.write('k', randomBytes(80));
});

afterAll(() => folder.remove());

const maybe = (...choices: readonly string[]) => fc.constantFrom('', ...choices);
const SETS = 'proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn;';
const location = fc
  .tuple(
    maybe(SETS, 'proxy_set_header Host $host;', '# here'),
    maybe(
      'if ($ssl_client_verify != SUCCESS) { return 403; }',
      'if ($ssl_client_s_dn ~ CN=x) { return 403; }',
    ),
    fc.constantFrom('proxy_pass http://127.0.0.1:1;', 'return 200;', 'root /tmp;'),
  )
  .map((lines) => lines.join('\n    '));

/** One server, each directive in it at most once. */
const server = fc
  .tuple(
    fc.constantFrom(
      'listen 127.0.0.1:7443 ssl;',
      'listen 127.0.0.1:7443 ssl;\n listen 127.0.0.1:7080;',
      'listen 127.0.0.1:7444 ssl;',
      'listen 127.0.0.1:7080;',
    ),
    maybe('server_name a.test;', 'server_name b.test c.test; # names'),
    maybe(
      'ssl_client_certificate ca.pem;',
      'ssl_client_certificate other.pem;',
      'ssl_client_certificate "ca.pem"; ssl_verify_client optional;',
      'ssl_client_certificate ca.pem; ssl_verify_client on;',
      'ssl_verify_client optional_no_ca;',
    ),
    maybe('ssl_protocols TLSv1.2;', 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2;', 'ssl_protocols TLSv1.3;'),
    maybe('ssl_ciphers HIGH:!aNULL;', "ssl_ciphers 'ECDHE+AESGCM';"),
    maybe('ssl_session_cache shared:s:1m;', 'ssl_session_ticket_key k;', 'ssl_session_tickets on;'),
    maybe('ssl_crl crl.pem;', 'ssl_stapling on;', 'ssl_trusted_certificate other.pem;'),
    maybe(
      'error_page 495 496 =200 /x;',
      'error_page 400 = @x; location @x { return 200; }',
      'error_page 404 /y;',
    ),
    maybe(SETS, 'add_header Strict-Transport-Security max-age=1;', 'underscores_in_headers on;'),
    maybe('if ($ssl_client_verify = NONE) { return 403; }', 'if ($ok = 0) { return 403; }'),
    fc
      .array(location, { maxLength: 3 })
      .map((all) => all.map((inside, i) => `location /${i} {\n    ${inside}\n  }`).join('\n')),
  )
  .chain((lines) =>
    fc
      .constantFrom('\n', '\r\n\t', ' \n# between\n')
      .map(
        (glue) =>
          `server {${glue}ssl_certificate server.pem; ssl_certificate_key server.key;${glue}${lines.filter((line) => line !== '').join(glue)}${glue}}`,
      ),
  );

const http = fc
  .tuple(
    maybe('ssl_client_certificate other.pem;', 'server_tokens on;', 'error_page 495 /refused;'),
    fc.array(server, { minLength: 1, maxLength: 3 }),
  )
  .map(
    ([head, servers]) =>
      `map $ssl_client_s_dn $ok { default 0; ~CN=good 1; }\n${head}\n${servers.join('\n')}`,
  );

describe('whatever nginx loads', () => {
  test('it loads after every fix was made', async () => {
    let loaded = 0;
    await fc.assert(
      fc.asyncProperty(http, async (text) => {
        await folder.configure(text);
        if ((await folder.test()) !== null) return;
        loaded += 1;
        const main = `${folder.path}/nginx.conf`;
        const { files, left } = fixConfig(main, [{ path: main, content: folder.frame(text) }]);
        await folder.write('nginx.conf', files[0]?.content ?? '');
        expect(await folder.test()).toBeNull();
        expect(left.filter(({ fix }) => fix !== null)).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(loaded).toBeGreaterThan(50);
  });
});

const EVERYTHING_WRONG = `
  map $ssl_client_s_dn $ok { default 0; ~CN=good 1; }
  underscores_in_headers on;
  ssl_session_ticket_key k;
  server {
    listen 127.0.0.1:P1 ssl; server_name a.test;   # the shop
    listen 127.0.0.1:P2;
    ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_protocols TLSv1 TLSv1.2;
    ssl_client_certificate ca.pem;
    ssl_verify_client optional;  # for now
    ssl_crl crl.pem;
    ssl_stapling on;
    error_page 495 496 =200 /ok;
    if ($ok = 0) { return 403; }
    location / { return 200; }
    location /app { proxy_set_header X-SSL-Client-S-DN $http_x_ssl_client_s_dn; proxy_pass http://127.0.0.1:1; }
  }
  server {
    listen 127.0.0.1:P1 ssl; server_name b.test;
    ssl_certificate server.pem; ssl_certificate_key server.key;
    ssl_client_certificate other.pem; ssl_verify_client on;
    return 200;
  }`;

test('a configuration with everything wrong is mended at once, and gives each client its verdict', async () => {
  const [P1 = 0, P2 = 0] = await freePorts(2);
  const content = folder.frame(EVERYTHING_WRONG.replaceAll('P1', String(P1)).replaceAll('P2', String(P2)));
  const main = `${folder.path}/nginx.conf`;
  const { files, fixed } = fixConfig(main, [{ path: main, content }]);
  const text = files[0]?.content ?? '';
  expect(new Set(fixed.map(({ rule }) => rule)).size).toBeGreaterThan(12);
  expect(text).toContain('# the shop');
  const left = auditConfig(parseIncludeTree(main, sourceOf(files))).map(({ rule }) => rule);
  // Which resolver to ask is nothing that a configuration can tell.
  expect(left).toEqual(['stapling-without-resolver']);
  await folder.write('nginx.conf', text);
  const nginx = await LocalNginx.start(folder, P1);
  try {
    const named = { port: P1, serverName: 'a.test', host: 'a.test' };
    const statuses = [
      await ask({ ...named, certificate: null }),
      await ask({ ...named, certificate: stranger }),
      await ask({ ...named, certificate: good }),
      await ask({ ...named, certificate: good, serverName: null }),
      await ask({ port: P2, certificate: null, tls: false }),
    ].map(({ status }) => status);
    // The error page has a path: its request runs through the guard, which answers 403.
    expect(statuses).toEqual([403, 403, 200, 0, 403]);
  } finally {
    await nginx.stop();
  }
});
