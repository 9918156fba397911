import { describe, expect, it } from 'vitest';
import { lastingSessions } from './lasting-sessions.js';
import { parseNginxDump } from './parse-dump.js';

const BUNDLE = '/etc/nginx/clients.pem';
const ours = (more = '', listen = '443 ssl') =>
  `server { listen ${listen}; server_name edge.test; ssl_client_certificate ${BUNDLE}; ssl_verify_client on; ${more} }\n`;
const other = (more: string) => `server { listen 443 ssl; server_name front.test; ${more} }\n`;
const SHARED = 'ssl_session_cache shared:s:1m;';

const found = (http: string, protocol = 'http') =>
  lastingSessions(parseNginxDump(`${protocol} {\n${http}}\n`), [BUNDLE]);

// That nginx does so is shown in test/conformance/resumed-sessions.test.ts.
describe('sessions that outlast a reload', () => {
  it.each([
    ['nothing said', '', 0],
    ['a key file', 'ssl_session_ticket_key k;', 1],
    ['a key file, and no tickets', 'ssl_session_ticket_key k; ssl_session_tickets off;', 0],
    ['a shared cache, and no tickets', `${SHARED} ssl_session_tickets off;`, 1],
    ['a shared cache and a built-in one', 'ssl_session_cache builtin shared:s:1m;', 1],
    ['a built-in cache', 'ssl_session_cache builtin;', 0],
    ['nothing kept', 'ssl_session_cache none; ssl_session_tickets off;', 0],
  ])('%s', (_, directives, count) => {
    expect(found(ours(directives))).toHaveLength(count);
    expect(found(ours(directives), 'stream')).toHaveLength(count);
  });

  it('are those of the default server, whatever the server itself says', () => {
    expect(found(other('') + ours(SHARED))).toEqual([]);
    expect(found(ours(SHARED) + ours('', '443 ssl default_server'))).toEqual([]);
    expect(found(other(SHARED) + ours())).toHaveLength(1);
  });

  it('are named by server, default server and directive, each with its place', () => {
    expect(found(other(SHARED) + ours())).toEqual([
      {
        ...{ server: 'server edge.test (/etc/nginx/nginx.conf:3)', socket: '*:443' },
        defaultServer: 'server front.test (/etc/nginx/nginx.conf:2)',
        kept: ['ssl_session_cache (/etc/nginx/nginx.conf:2)'],
        endByNames: false,
      },
    ]);
  });

  it.each([
    ['is ours', ours(SHARED), true],
    [
      'asks for the bundle as well',
      other(`${SHARED} ssl_client_certificate ${BUNDLE}; ssl_verify_client optional;`) + ours(),
      true,
    ],
    [
      'names the bundle and asks nobody',
      other(`${SHARED} ssl_client_certificate ${BUNDLE};`) + ours(),
      false,
    ],
    [
      'asks for another CA',
      other(`${SHARED} ssl_client_certificate o.pem; ssl_verify_client on;`) + ours(),
      false,
    ],
    ['rejects every handshake', other(`${SHARED} ssl_reject_handshake on;`) + ours(), false],
  ])('end by other CA names where the default server %s', (_, http, endByNames) => {
    const server = found(http).filter((one) => one.server.startsWith('server edge.test'));
    expect(server.map((one) => one.endByNames)).toEqual([endByNames]);
  });

  it('do not concern servers without a managed file, without TLS, or that ask nobody', () => {
    expect(found(other(SHARED))).toEqual([]);
    expect(found(ours(SHARED, '443'))).toEqual([]);
    expect(found(`${SHARED}\nserver { listen 443 ssl; ssl_client_certificate ${BUNDLE}; }\n`)).toEqual([]);
  });
});
