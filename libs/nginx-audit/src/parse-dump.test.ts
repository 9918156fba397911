import { describe, expect, it } from 'vitest';
import type { Directive } from './directive.js';
import { dumpedFiles, parseNginxDump } from './parse-dump.js';

/** As `nginx -T` prints files: a header, the bytes, a line break. */
function dump(files: Readonly<Record<string, string>>): string {
  const sections = Object.entries(files).map(([path, text]) => `# configuration file ${path}:\n${text}\n`);
  return `nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n${sections.join('')}`;
}

/** Such as `http{include(a) server{}}`. */
function shape(directives: readonly Directive[]): string {
  return directives
    .map(({ name, args, block }) => {
      const given = args.length > 0 ? `(${args.join(' ')})` : '';
      return `${name}${given}${block === null ? '' : `{${shape(block)}}`}`;
    })
    .join(' ');
}

const MAIN = '/etc/nginx/nginx.conf';

describe('dumpedFiles', () => {
  it('gives every file byte for byte, the main file first', () => {
    const files = { [MAIN]: 'http {\n  include a.conf;\n}\n', '/etc/nginx/a.conf': 'server { }', '/x': '' };
    expect(dumpedFiles(dump(files))).toEqual(
      Object.entries(files).map(([path, content]) => ({ path, content })),
    );
  });

  it('takes a text without headers for the main file', () => {
    expect(dumpedFiles('http { }\n')).toEqual([{ path: MAIN, content: 'http { }\n' }]);
  });

  it('reads paths with spaces and headers with line ends of Windows', () => {
    expect(dumpedFiles('# configuration file /a b/n.conf:\r\nuser www;\r\n')).toEqual([
      { path: '/a b/n.conf', content: 'user www;\r' },
    ]);
  });

  it('takes a header within a line for a comment', () => {
    const text = dump({ [MAIN]: 'user www; # configuration file /b:\n' });
    expect(dumpedFiles(text).map(({ path }) => path)).toEqual([MAIN]);
  });
});

describe('parseNginxDump', () => {
  it('puts included files where they are included, with their own places', () => {
    const config = parseNginxDump(
      dump({
        [MAIN]: 'http {\n  include conf.d/a.conf;\n  charset utf-8;\n}\n',
        '/etc/nginx/conf.d/a.conf': '# first\nserver {\n  listen 1;\n}\n',
      }),
    );
    expect(shape(config.directives)).toBe('http{include(conf.d/a.conf) server{listen(1)} charset(utf-8)}');
    expect(config.directives[0]?.block?.[1]).toMatchObject({ file: '/etc/nginx/conf.d/a.conf', line: 2 });
    expect(config.problems).toEqual([]);
  });

  it('takes relative paths from the folder of the main file', () => {
    const config = parseNginxDump(
      dump({
        '/opt/ng/nginx.conf': 'include sub/a.conf;',
        '/opt/ng/sub/a.conf': 'include b.conf;',
        '/opt/ng/b.conf': 'user x;',
      }),
    );
    expect(config.prefix).toBe('/opt/ng');
    expect(shape(config.directives)).toBe('include(sub/a.conf) include(b.conf) user(x)');
  });

  it('follows patterns in the order of their bytes, dot files and subfolders left out', () => {
    const config = parseNginxDump(
      dump({
        [MAIN]: 'include conf.d/*.conf;',
        '/etc/nginx/conf.d/b.conf': 'b;',
        '/etc/nginx/conf.d/B.conf': 'B;',
        '/etc/nginx/conf.d/10-a.conf': 'a;',
        '/etc/nginx/conf.d/.hidden.conf': 'hidden;',
        '/etc/nginx/conf.d/sub/c.conf': 'c;',
        '/etc/nginx/conf.d/b.conf.bak': 'bak;',
      }),
    );
    expect(shape(config.directives)).toBe('include(conf.d/*.conf) a B b');
  });

  it.each([
    { pattern: 'a?.conf', found: 'a1' },
    { pattern: 'a[12].conf', found: 'a1' },
    { pattern: 'a[!12].conf', found: 'ax' },
    { pattern: 'a*.conf', found: 'a1 ax' },
    { pattern: 'a.+.conf', found: '' },
  ])('reads the pattern $pattern as glob(3) does', ({ pattern, found }) => {
    const { directives } = parseNginxDump(
      dump({ [MAIN]: `include ${pattern};`, '/etc/nginx/a1.conf': 'a1;', '/etc/nginx/ax.conf': 'ax;' }),
    );
    expect(shape(directives.slice(1))).toBe(pattern.includes('?') ? 'a1 ax' : found);
  });

  it('includes one file wherever it is named', () => {
    const config = parseNginxDump(
      dump({ [MAIN]: 'a { include t; }\nb { include t; }', '/etc/nginx/t': 'ssl_verify_client on;' }),
    );
    expect(shape(config.directives)).toBe(
      'a{include(t) ssl_verify_client(on)} b{include(t) ssl_verify_client(on)}',
    );
  });

  it('says nothing of a pattern that matches no file', () => {
    expect(parseNginxDump(dump({ [MAIN]: 'include conf.d/*.conf;' })).problems).toEqual([]);
  });

  it('tells of an included file that the text lacks, and reads on', () => {
    const config = parseNginxDump(dump({ [MAIN]: 'user a;\ninclude missing.conf;\nuser b;' }));
    expect(config.problems).toEqual([
      { message: 'included file /etc/nginx/missing.conf is not in the text', file: MAIN, line: 2, column: 1 },
    ]);
    expect(shape(config.directives)).toBe('user(a) include(missing.conf) user(b)');
  });

  it('ends where files include each other', () => {
    const config = parseNginxDump(
      dump({ [MAIN]: 'include a;', '/etc/nginx/a': 'include b;', '/etc/nginx/b': 'include a;' }),
    );
    expect(config.problems).toHaveLength(1);
    expect(config.problems[0]?.message).toMatch(/goes in circles/);
  });

  it.each([
    { what: 'a brace too many', text: 'a;\n}\nb;', message: 'unexpected "}"', line: 2, left: 'a b' },
    { what: 'a stray semicolon', text: 'a;\n;\nb;', message: 'unexpected ";"', line: 2, left: 'a b' },
    { what: 'a block without a name', text: '{\na;\n}', message: 'unexpected "{"', line: 1, left: 'a' },
    {
      what: 'a block that is not closed',
      text: 'http {\nserver {\n}\n',
      message: 'a block is not closed by "}"',
      line: 1,
      left: 'http{server{}}',
    },
    {
      what: 'a missing semicolon before a brace',
      text: 'http {\n  a b\n}\nc;',
      message: 'directive "a" is not terminated by ";"',
      line: 2,
      left: 'http{a(b)} c',
    },
    {
      what: 'a word glued to a quote',
      text: 'a "b"c;\nd;',
      message: 'unexpected "c" behind a closing quote',
      line: 1,
      left: 'a(b c) d',
    },
  ])('tells of $what with its line, and reads on', ({ text, message, line, left }) => {
    const config = parseNginxDump(dump({ [MAIN]: text }));
    expect(config.problems[0]).toMatchObject({ message, file: MAIN, line });
    expect(shape(config.directives)).toBe(left);
  });

  it('reads on behind a block of Lua', () => {
    const lua = 'content_by_lua_block {\n  local t = { a = 1 } -- don\'t\n  ngx.say("x; y")\n}\n';
    const config = parseNginxDump(dump({ [MAIN]: `location / {\n${lua}}\nlast;\n` }));
    expect(config.directives.map(({ name }) => name)).toEqual(['location', 'last']);
  });

  it.each(['', '\0', '"', '{{{{', '}}}}', '# configuration file :', 'include;', '\\'])(
    'never throws (%j)',
    (text) => {
      expect(() => parseNginxDump(text)).not.toThrow();
    },
  );
});
