import { describe, expect, it } from 'vitest';
import { parseNginxDump } from './parse-dump.js';
import { trustContexts } from './trust-context.js';

function contexts(text: string) {
  return trustContexts(parseNginxDump(text));
}

function only(text: string) {
  const [context, ...others] = contexts(text);
  if (context === undefined || others.length > 0) throw new Error('one server was expected');
  return context;
}

describe('trustContexts', () => {
  it('reads everything that decides who gets in', () => {
    const text = `http {
  server {
    listen 127.0.0.1:8443 ssl; listen [::]:8443 ssl;
    server_name a.test b.test;
    ssl_client_certificate /etc/ssl/clients.pem;
    ssl_trusted_certificate /etc/ssl/ocsp.pem;
    ssl_crl /etc/ssl/crl.pem;
    ssl_verify_client on;
    ssl_verify_depth 3;
  }
}`;
    expect(contexts(text)).toEqual([
      {
        protocol: 'http',
        file: '/etc/nginx/nginx.conf',
        line: 2,
        listens: ['127.0.0.1:8443', '[::]:8443'],
        tls: true,
        serverNames: ['a.test', 'b.test'],
        clientCertificate: '/etc/ssl/clients.pem',
        trustedCertificate: '/etc/ssl/ocsp.pem',
        crl: '/etc/ssl/crl.pem',
        verifyClient: 'on',
        verifyDepth: 3,
        securityLevel: null,
      },
    ]);
  });

  it("has nginx's defaults where nothing is set", () => {
    expect(only('http { server { } }')).toMatchObject({
      ...{
        listens: [],
        tls: false,
        serverNames: [],
        verifyClient: 'off',
        verifyDepth: 1,
        securityLevel: null,
      },
      ...{ clientCertificate: null, trustedCertificate: null, crl: null },
    });
  });

  it('inherits from http what the server does not set', () => {
    const http =
      'ssl_client_certificate /a; ssl_trusted_certificate /t; ssl_verify_client on; ssl_verify_depth 2;';
    const [inherits, replaces] = contexts(
      `http { ${http} server { } server { ssl_client_certificate /b; ssl_verify_client off; ssl_verify_depth 5; } }`,
    );
    expect(inherits).toMatchObject({ clientCertificate: '/a', verifyClient: 'on', verifyDepth: 2 });
    expect(replaces).toMatchObject({
      ...{ clientCertificate: '/b', trustedCertificate: '/t', verifyClient: 'off', verifyDepth: 5 },
    });
  });

  it('inherits wherever in http the directive stands', () => {
    expect(only('http { server { } ssl_client_certificate /a; }').clientCertificate).toBe('/a');
  });

  it('does not take over what another server or a location says', () => {
    const [first, second] = contexts(
      'http { server { ssl_verify_client on; } server { location / { ssl_verify_client on; } } }',
    );
    expect([first?.verifyClient, second?.verifyClient]).toEqual(['on', 'off']);
  });

  it('takes an empty path for none', () => {
    expect(only('http { ssl_crl /c; server { ssl_crl ""; } }').crl).toBeNull();
  });

  it('makes paths absolute from the folder of the main file, quotes taken off', () => {
    const text =
      '# configuration file /opt/ng/nginx.conf:\nhttp { server { ssl_client_certificate "a b.pem"; } }\n';
    expect(only(text).clientCertificate).toBe('/opt/ng/a b.pem');
  });

  it('finds what stands in included files, with its place there', () => {
    const text = `# configuration file /etc/nginx/nginx.conf:
http { include sites/*; }

# configuration file /etc/nginx/sites/a:
# comment
server { include tls; }

# configuration file /etc/nginx/tls:
ssl_client_certificate ca.pem; ssl_verify_client on;
`;
    expect(only(text)).toMatchObject({
      ...{ file: '/etc/nginx/sites/a', line: 2, clientCertificate: '/etc/nginx/ca.pem', verifyClient: 'on' },
    });
  });

  it('keeps http and stream apart', () => {
    const found = contexts(
      'stream { ssl_verify_client on; server { listen 1 ssl; } } http { server { listen 2; } } mail { server { } }',
    );
    expect(found.map(({ protocol, verifyClient, tls }) => [protocol, verifyClient, tls])).toEqual([
      ['http', 'off', false],
      ['stream', 'on', true],
    ]);
  });

  it.each([
    { listen: 'listen 443 ssl http2;', tls: true },
    { listen: 'listen 443 quic reuseport;', tls: true },
    { listen: 'listen 80; ssl on;', tls: true },
    { listen: 'listen 80; listen 443 ssl;', tls: true },
    { listen: 'listen 443;', tls: false },
    { listen: 'listen ssl;', tls: true },
  ])('sees whether a server speaks TLS: $listen', ({ listen, tls }) => {
    expect(only(`http { server { ${listen} } }`).tls).toBe(tls);
  });

  it.each(['on', 'off', 'optional', 'optional_no_ca'] as const)('knows ssl_verify_client %s', (value) => {
    expect(only(`http { server { ssl_verify_client ${value}; } }`).verifyClient).toBe(value);
  });

  it.each([
    { written: '0', depth: 0 },
    { written: '10', depth: 10 },
    { written: 'deep', depth: 1 },
  ])('reads ssl_verify_depth $written as $depth', ({ written, depth }) => {
    expect(only(`http { server { ssl_verify_depth ${written}; } }`).verifyDepth).toBe(depth);
  });

  it.each([
    { written: 'ssl_ciphers HIGH:@SECLEVEL=1;', level: 1 },
    { written: 'ssl_ciphers HIGH;', level: null },
    { written: "ssl_ciphers 'DEFAULT@SECLEVEL=0';", level: 0 },
    { written: 'ssl_ciphers HIGH:@SECLEVEL=1; ssl_conf_command CipherString DEFAULT@SECLEVEL=3;', level: 3 },
    { written: 'ssl_ciphers HIGH:@SECLEVEL=1; ssl_conf_command CipherString HIGH;', level: 1 },
    { written: 'ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;', level: null },
  ])('reads the security level of $written as $level', ({ written, level }) => {
    expect(only(`http { server { ${written} } }`).securityLevel).toBe(level);
    expect(only(`http { ${written} server { } }`).securityLevel).toBe(level);
  });
});
