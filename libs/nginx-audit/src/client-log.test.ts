import { describe, expect, it } from 'vitest';
import { CLIENT_LOG_FORMAT, clientLogOf } from './client-log.js';
import { parseNginxDump } from './parse-dump.js';

const LOG = '/var/log/nginx/clients.log';
const SERVER = 'listen 443 ssl; ssl_client_certificate trust/ca.pem; ssl_verify_client on;';

function read(http: string, behind = '') {
  const dump = `# configuration file /etc/nginx/nginx.conf:\nhttp {\n${CLIENT_LOG_FORMAT}\n${http}\n}\n${behind}\n`;
  return clientLogOf(parseNginxDump(dump), LOG, ['/etc/nginx/trust/ca.pem']);
}

const readable = {
  kind: 'readable',
  format: { time: 1, verify: 2, serial: 3, issuer: 4, subject: 5 },
};

describe('the client log of a configuration', () => {
  it('is read as its format says', () => {
    expect(read(`server { ${SERVER} access_log ${LOG} windlass_clients; }`)).toEqual(readable);
    expect(read(`access_log ${LOG} windlass_clients buffer=64k flush=5s; server { ${SERVER} }`)).toEqual(
      readable,
    );
  });

  it('may have other columns, in another order', () => {
    const format = `log_format own '$remote_addr\\t$\{ssl_client_s_dn}\\t$ssl_client_i_dn\\t$msec\\t' '$ssl_client_serial\\t$ssl_client_verify';`;
    expect(read(`${format} server { ${SERVER} access_log ${LOG} own; }`)).toEqual({
      kind: 'readable',
      format: { subject: 2, issuer: 3, time: 4, serial: 5, verify: 6 },
    });
  });

  it('does not matter of servers that trust other files', () => {
    const other = 'server { listen 444 ssl; ssl_client_certificate /other.pem; ssl_verify_client on; }';
    expect(read(`${other} server { ${SERVER} access_log ${LOG} windlass_clients; }`)).toEqual(readable);
  });

  it.each([
    ['a server without it', `server { ${SERVER} access_log /other.log; }`, /:3 does not write \/var/],
    [
      'a server that inherits one and has another',
      `access_log ${LOG} windlass_clients; server { ${SERVER} access_log off; }`,
      /does not write/,
    ],
    [
      'a location that logs elsewhere',
      `server { ${SERVER} access_log ${LOG} windlass_clients; location / { location /a { access_log off; } } }`,
      /the location at .* does not write/,
    ],
    [
      'a log that is switched off beside it',
      `access_log off; access_log ${LOG} windlass_clients; server { ${SERVER} }`,
      /does not write/,
    ],
    [
      'requests left out',
      `server { ${SERVER} access_log ${LOG} windlass_clients if=$x; }`,
      /leaves requests out/,
    ],
    ['a compressed log', `server { ${SERVER} access_log ${LOG} windlass_clients gzip; }`, /compressed/],
    [
      'the usual format',
      `server { ${SERVER} access_log ${LOG}; }`,
      /format combined does not name the client; use log_format/,
    ],
    [
      'a format without tabs',
      `log_format own '$msec $ssl_client_verify $ssl_client_serial $ssl_client_i_dn $ssl_client_s_dn'; server { ${SERVER} access_log ${LOG} own; }`,
      /no column of its own for \$msec/,
    ],
    [
      'a format that escapes nothing',
      `log_format own escape=none '$msec\\t$ssl_client_verify\\t$ssl_client_serial\\t$ssl_client_i_dn\\t$ssl_client_s_dn'; server { ${SERVER} access_log ${LOG} own; }`,
      /escape=none/,
    ],
    [
      'two formats',
      `server { ${SERVER} access_log ${LOG} windlass_clients; } server { ${SERVER} access_log ${LOG} combined; }`,
      /more than one format/,
    ],
    ['nobody who trusts a managed file', 'server { listen 80; }', /no server trusts/],
  ])('is unknown for %s', (_, http, because) => {
    expect(read(http)).toMatchObject({ kind: 'unknown', because: expect.stringMatching(because) });
  });

  it('is unknown for a server of stream', () => {
    const stream = `stream { server { listen 444 ssl; ssl_client_certificate trust/ca.pem; ssl_verify_client on; } }`;
    expect(read(`server { ${SERVER} access_log ${LOG} windlass_clients; }`, stream)).toMatchObject({
      because: expect.stringMatching(/is one of stream/),
    });
  });
});
