import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { anyText } from './arbitrary-config.fixture.js';
import { auditConfig } from './audit.js';
import { fixConfig } from './fix.js';
import { parseNginxDump } from './parse-dump.js';
import { RULE_CASES } from './rules/cases/index.fixture.js';

vi.setConfig({ testTimeout: 60_000 });

const MAIN = '/etc/nginx/nginx.conf';

function fix(content: string, rules?: readonly string[]) {
  const wanted = rules === undefined ? undefined : ({ rule }: { rule: string }) => rules.includes(rule);
  const fixed = fixConfig(MAIN, [{ path: MAIN, content }], {}, wanted);
  return { ...fixed, text: fixed.files[0]?.content ?? '' };
}

/** Directives of which a server may have any number, so that several rules meet. */
const servers = fc
  .array(
    fc
      .subarray([
        ...['listen 443 ssl;', 'listen 443 ssl default_server;', 'listen 80;', 'listen 8443 ssl;'],
        ...['ssl_client_certificate /a.pem;', 'ssl_verify_client optional;', 'ssl_verify_client on;'],
        ...['ssl_protocols TLSv1;', 'ssl_crl /c.pem; # revoked', 'ssl_session_cache shared:a:1m;'],
        ...['ssl_session_ticket_key /k;', 'ssl_stapling on;', 'error_page 495 =200 /x;'],
        ...['location / { proxy_pass http://u; }', 'if ($ssl_client_verify = NONE) { return 403; }'],
        ...['location /b { proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn; proxy_pass http://u; }'],
        ...['# a comment', 'include missing.conf;', 'location /c {\n\tproxy_pass http://u;\n}'],
      ])
      .chain((lines) =>
        fc.constantFrom(' ', '\n', '\r\n\t').map((glue) => `server {${glue}${lines.join(glue)}${glue}}`),
      ),
    { maxLength: 4 },
  )
  .chain((blocks) =>
    fc.constantFrom('', 'events { }\n').map((head) => `${head}http {\n${blocks.join('\n')}\n}\n`),
  );

describe('fixing', () => {
  it('twice is fixing once', () => {
    fc.assert(
      fc.property(fc.oneof(servers, anyText), (text) => {
        const once = fix(text).text;
        expect(fix(once).text).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves no finding behind that it has a fix for, and brings none of another kind', () => {
    fc.assert(
      fc.property(servers, (text) => {
        const before = new Set(auditConfig(parseNginxDump(text)).map(({ rule }) => rule));
        const { left } = fix(text);
        expect(left.filter((one) => one.fix !== null)).toEqual([]);
        expect(left.filter(({ rule }) => !before.has(rule))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each(RULE_CASES.map((one) => [`${one.rule}: ${one.what}`, one] as const))(
    'keeps every comment and every other line (%s)',
    (_name, { config, rule }) => {
      const commented = config.replaceAll('\n', ' # kept\n');
      const { text } = fix(commented, [rule]);
      expect(text.split('# kept').length).toBe(commented.split('# kept').length);
      expect(
        auditConfig(parseNginxDump(text)).filter(
          (one) => one.rule === 'config-unreadable' && rule !== one.rule,
        ),
      ).toEqual([]);
    },
  );

  it('makes a fix where the directive stands, in the file that was included', () => {
    const files = [
      { path: MAIN, content: 'http { include tls.conf; server { listen 443 ssl; ssl_verify_depth 3; } }' },
      { path: '/etc/nginx/tls.conf', content: 'ssl_protocols TLSv1; # old\r\n' },
    ];
    const fixed = fixConfig(MAIN, files, {}, ({ rule }) => rule === 'protocols');
    expect(fixed.files).toEqual([
      files[0],
      { ...files[1], content: 'ssl_protocols TLSv1.2 TLSv1.3; # old\r\n' },
    ]);
  });

  it.each([
    {
      what: 'the line of a directive, with its indentation',
      before: 'server {\r\n\tlisten 443 ssl;\r\n\tssl_stapling on;\r\n}\r\n',
      after: 'server {\r\n\tlisten 443 ssl;\r\n\tssl_stapling on;\r\n\tssl_stapling_verify on;\r\n}\r\n',
      rule: 'stapling-unverified',
    },
    {
      what: 'the comment behind it',
      before: 'server {\n  listen 443 ssl;\n  ssl_stapling on; # fast\n}',
      after: 'server {\n  listen 443 ssl;\n  ssl_stapling on; # fast\n  ssl_stapling_verify on;\n}',
      rule: 'stapling-unverified',
    },
    {
      what: 'one line',
      before: 'server { listen 443 ssl; ssl_stapling on; }',
      after: 'server { listen 443 ssl; ssl_stapling on; ssl_stapling_verify on; }',
      rule: 'stapling-unverified',
    },
    {
      what: 'a whole line that goes',
      before:
        'server {\n  listen 443 ssl; ssl_client_certificate /a; ssl_verify_client on;\n  ssl_session_ticket_key /k;\n}',
      after: 'server {\n  listen 443 ssl; ssl_client_certificate /a; ssl_verify_client on;\n}',
      rule: 'session-ticket-key',
    },
  ])('keeps to $what', ({ before, after, rule }) => {
    expect(fix(before, [rule]).text).toBe(after);
  });

  it('makes one of two fixes after the other where they touch', () => {
    const lines = [
      'server {',
      '  listen 443 ssl;',
      '  ssl_client_certificate /a;',
      '  ssl_verify_client on;',
    ];
    const before = [...lines, '  ssl_session_ticket_key /k;', '}', ''].join('\n');
    // The depth would be written behind the very line that goes.
    const { text } = fix(before, ['depth-default', 'session-ticket-key']);
    expect(text).toBe([...lines, '  ssl_verify_depth 3;', '}', ''].join('\n'));
  });
});

describe('a suppression', () => {
  const findings = (comment: string) =>
    auditConfig(
      parseNginxDump(
        `server {\n listen 443 ssl; ssl_client_certificate /a;\n ${comment}\n # more\n ssl_verify_client off;\n}`,
      ),
    ).filter(({ rule }) => rule === 'verify-off');

  it('keeps its reason, and keeps the fix away', () => {
    expect(findings('# windlass-ignore verify-off: a test server')[0]?.suppressed).toBe('a test server');
    const text =
      'server { listen 443 ssl;\n# windlass-ignore protocols: old scanners\nssl_protocols TLSv1; }';
    expect(fix(text, ['protocols']).text).toBe(text);
  });

  it.each([
    '# windlass-ignore verify-off',
    '# windlass-ignore verify-off: ',
    '# windlass-ignore other: x',
    '# ignore verify-off: x',
  ])('needs the rule and a reason (%s)', (comment) => {
    expect(findings(comment)[0]?.suppressed).toBeNull();
  });
});
