import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { anyText } from './arbitrary-config.fixture.js';
import { parseIncludeTree, sourceOf } from './include-tree.js';
import { parseNginxDump } from './parse-dump.js';
import { parseFile } from './parse-file.js';
import { printFile } from './pieces.js';
import { trustContexts } from './trust-context.js';

// A hang is what this is against; how long a busy machine takes is nobody's business.
vi.setConfig({ testTimeout: 60_000 });

const MEGABYTES = 5 * 1024 * 1024;
const parsed = (content: string) => parseFile({ path: '/n.conf', content });
const repeated = (text: string, size = MEGABYTES) => text.repeat(Math.ceil(size / text.length));

describe('a text that nobody vouches for', () => {
  it('gives problems with a place, never an exception', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const { message, line, column } of parseNginxDump(text).problems) {
          expect(message).not.toBe('');
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
          expect(column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('ends with every graph of includes', () => {
    const names = ['a', 'b', 'c', 'd', '*'];
    const file = fc.array(fc.constantFrom(...names.map((name) => `include /${name};`), 'b {', '}', 'x;'), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.tuple(file, file, file, file), (texts) => {
        const files = texts.map((lines, i) => ({ path: `/${names[i]}`, content: lines.join('\n') }));
        expect(() => trustContexts(parseIncludeTree('/a', sourceOf(files)))).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['[z-a].conf', '/etc/nginx/b.conf', false],
    ['[a-c].conf', '/etc/nginx/b.conf', true],
    ['[]x].conf', '/etc/nginx/].conf', true],
    ['[x.conf', '/etc/nginx/[x.conf', true],
    ['\\*.conf', '/etc/nginx/*.conf', true],
    [`${'*a'.repeat(40)}b`, `/etc/nginx/${'a'.repeat(200)}`, false],
  ])('the pattern %s', (pattern, path, found) => {
    const files = [
      { path: '/etc/nginx/nginx.conf', content: `include ${pattern};` },
      { path, content: 'x;' },
    ];
    const { directives } = parseIncludeTree('/etc/nginx/nginx.conf', sourceOf(files));
    expect(directives.some(({ name }) => name === 'x')).toBe(found);
  });
});

describe('five megabytes', () => {
  it.each([
    ['servers', 'server { listen 443 ssl; server_name a.example; ssl_verify_client on; }\n', null],
    ['one word', 'a', 'is not terminated'],
    ['open quotes', 'x "', 'unexpected'],
    ['open blocks', 'a {', 'nested deeper than 200'],
    ['closing braces', '}', 'unexpected "}"'],
    ['directives of two characters', 'a;', 'more than 500000 directives'],
    ['comments', '#\n', null],
    ['white space', ' \t\r\n', null],
    ['backslashes', '\\', 'is not terminated'],
    ['Lua brackets', 'content_by_lua_block { [=[ ', 'not closed'],
    ['escapes in quotes', '"\\"', 'unexpected'],
  ])('of %s are read once, and printed again', (_what, text, complaint) => {
    const content = repeated(text);
    const file = parsed(content);
    if (complaint === null) expect(file.problems).toEqual([]);
    else expect(file.problems.map(({ message }) => message).join()).toContain(complaint);
    expect(printFile(file) === content).toBe(true);
  });

  it('of servers in one http are one context each', () => {
    const server = 'server { listen 443 ssl; server_name a.example; ssl_verify_client on; }\n';
    const text = `http { ssl_client_certificate /ca.pem;\n${repeated(server)}}`;
    expect(trustContexts(parseNginxDump(text))).toHaveLength(Math.ceil(MEGABYTES / server.length));
  });

  it('of files that include all others end with a problem', () => {
    const files = Array.from({ length: 60_000 }, (_, i) => {
      const path = i === 0 ? '/etc/nginx/nginx.conf' : `/etc/nginx/conf.d/${i}.conf`;
      return `# configuration file ${path}:\ninclude conf.d/*${i}.conf;\n`;
    });
    const { problems } = parseNginxDump(files.join(''));
    expect(problems.map(({ message }) => message).join()).toContain('too many patterns');
  });

  it('of includes that double at every level end with a problem', () => {
    const files = Array.from({ length: 40 }, (_, i) => ({
      path: `/${i}`,
      content: `include /${i + 1};\n`.repeat(2),
    }));
    const { problems } = parseIncludeTree('/0', sourceOf([...files, { path: '/40', content: 'x;' }]));
    expect(problems.map(({ message }) => message).join()).toContain('more than 500000 directives');
  });
});
