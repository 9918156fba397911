import { describe, expect, it, vi } from 'vitest';
import { auditConfig } from './audit.js';
import { fixConfig } from './fix.js';
import { parseNginxDump } from './parse-dump.js';

// A hang is what this is against; how long a busy machine takes is nobody's business.
vi.setConfig({ testTimeout: 120_000 });

const MEGABYTE = 1024 * 1024;
const MAIN = '/etc/nginx/nginx.conf';
const ASKS = 'listen 443 ssl; ssl_client_certificate /a; ssl_verify_client optional;';
const fill = (text: (i: number) => string, size = MEGABYTE) => {
  const parts: string[] = [];
  for (let i = 0, length = 0; length < size; i += 1) {
    parts.push(text(i));
    length += parts[i]?.length ?? 0;
  }
  return parts.join('');
};

describe('a text that was made to be slow', () => {
  it.each([
    [
      'five megabytes of servers on one socket',
      `http {\n${fill((i) => `server { ${ASKS} server_name s${i}; }\n`, 5 * MEGABYTE)}}`,
    ],
    ['servers on one line', `http { ${fill((i) => `server { ${ASKS} server_name s${i}; } `)}}`],
    [
      'locations with other headers',
      `http { server { ${ASKS} ${fill((i) => `location /${i} { proxy_set_header X-SSL-Client-${i} $ssl_client_s_dn; proxy_pass http://u; } `)}}}`,
    ],
    [
      'headers that all locations inherit',
      `http { ${fill((i) => `proxy_set_header X-${i} $ssl_client_s_dn; `, MEGABYTE / 2)} server { ${ASKS} ${fill((i) => `location /${i} { proxy_pass http://u; } `, MEGABYTE / 2)}}}`,
    ],
    [
      'guards and maps',
      `http { ${fill((i) => `map $ssl_client_verify $v${i} { SUCCESS 0; default 1; } `, MEGABYTE / 2)} server { ${ASKS} ${fill((i) => `location /${i} { if ($v${i}) { return 403; } } `, MEGABYTE / 2)}}}`,
    ],
    [
      'maps of names',
      `http { ${fill((i) => `map $ssl_client_s_dn $v${i} { ~CN=x 1; default 1; } `, MEGABYTE / 2)} ${fill((i) => `server { ${ASKS} if ($v${i} = 0) { return 403; } } `, MEGABYTE / 2)}}`,
    ],
    [
      'error pages',
      `http { server { ${ASKS} ${fill((i) => `error_page 495 =200 /${i}; location /${i} { } `)}}}`,
    ],
    [
      'suppressions',
      `http { ${fill((i) => `\n# windlass-ignore verify-optional: ${i}\nserver { ${ASKS} }`)}}`,
    ],
    ['comments that suppress nothing', `${`# windlass-ignore a: b\n`.repeat(50_000)}server { ${ASKS} }`],
    [
      'guards on one long map',
      `http { map $ssl_client_verify $v { ${fill((i) => `FAILED:${i} 1; `)} } server { ${ASKS} ${fill((i) => `location /${i} { if ($v) { return 403; } } `)}}}`,
    ],
  ])('%s', (_what, text) => {
    expect(auditConfig(parseNginxDump(text)).length).toBeGreaterThan(0);
  });

  it('are fixed too', () => {
    const content = `http {\n${fill((i) => `server { ${ASKS} ssl_protocols TLSv1; server_name s${i}; }\n`)}}`;
    const { left, fixed } = fixConfig(MAIN, [{ path: MAIN, content }]);
    expect(fixed.length).toBeGreaterThan(20_000);
    expect(left.filter(({ fix }) => fix !== null)).toEqual([]);
  });
});
