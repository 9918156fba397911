import { describe, expect, it } from 'vitest';
import { MANIFEST_RULES, RULES } from '#nginx-audit';
import { MOST_SHOWN, type Question } from './examination.js';
import { examine, kindOf } from './examine.js';
import { EXAMPLES } from './examples.js';

const asked = (text: string, more: Partial<Question> = {}): Question => ({
  ...{ text, kind: null, version: null, clientDepth: null, declined: [] },
  ...more,
});
const [optional] = EXAMPLES;
if (optional === undefined) throw new Error('there are no examples');

describe.each(EXAMPLES)('the example “$name”', ({ finds, text }) => {
  const first = examine(asked(text));

  it('shows what it is named for', () => {
    expect(first.findings.map(({ rule }) => rule)).toContain(finds);
    const known = new Set([...RULES, ...MANIFEST_RULES].map(({ id }) => id));
    for (const { rule } of first.findings) expect(known.has(rule), rule).toBe(true);
  });

  it('points at words of the text, never past it', () => {
    for (const { range, rule } of first.findings) {
      expect(range, rule).not.toBeNull();
      expect(text.slice(range?.from, range?.to).trim(), rule).not.toBe('');
    }
  });

  it('has nothing left to mend once it is mended', () => {
    if (first.kind === 'kubernetes') return expect(first.corrected).toBeNull();
    expect(first.corrected).not.toBeNull();
    const again = examine(asked(first.corrected ?? ''));
    expect(again.corrected).toBeNull();
    expect(again.findings.filter(({ fix, accepted }) => fix !== null && accepted === null)).toEqual([]);
  });
});

describe('examine', () => {
  it('marks exactly the directive', () => {
    const { findings } = examine(asked(optional.text));
    const { range } = findings.find(({ rule }) => rule === 'verify-optional') ?? {};
    expect(optional.text.slice(range?.from, range?.to)).toBe('ssl_verify_client optional;');
  });

  it('leaves what was declined, and makes the other fixes', () => {
    const all = examine(asked(optional.text));
    const { key } = all.findings.find(({ rule }) => rule === 'verify-optional') ?? {};
    const some = examine(asked(optional.text, { declined: [key ?? ''] }));
    expect(some.corrected ?? optional.text).toContain('ssl_verify_client optional;');
    expect(some.mended).toBe(all.mended - 1);
  });

  it('takes what nginx -T printed apart, and gives it back so', () => {
    const dump = `# configuration file /etc/nginx/nginx.conf:\nevents { }\nhttp {\n    include sites/*.conf;\n}\n\n# configuration file /etc/nginx/sites/a.conf:\n${optional.text}\n`;
    const { findings, corrected } = examine(asked(dump));
    const found = findings.find(({ rule }) => rule === 'verify-optional');
    expect(found?.file).toBe('/etc/nginx/sites/a.conf');
    expect(dump.slice(found?.range?.from, found?.range?.to)).toBe('ssl_verify_client optional;');
    expect(corrected).toMatch(/^# configuration file \/etc\/nginx\/nginx\.conf:\n/);
    expect(corrected).toContain('# configuration file /etc/nginx/sites/a.conf:\nserver {');
  });

  it('asks what depends on the version, and on the depth of real chains', () => {
    const vulnerable = examine(asked(optional.text, { version: 'nginx/1.18.0' }));
    expect(vulnerable.findings.map(({ rule }) => rule)).toContain('vulnerable-version');
    const deep = examine(asked(optional.text, { clientDepth: 9 }));
    expect(deep.findings.map(({ rule }) => rule)).toContain('depth-too-small');
  });

  it('counts all findings and lists the first of very many', () => {
    const { findings, counts } = examine(
      asked('server { listen 443 ssl; ssl_verify_client on; }\n'.repeat(900)),
    );
    expect(findings).toHaveLength(MOST_SHOWN);
    expect(counts.error).toBeGreaterThan(MOST_SHOWN);
  });

  it('tells manifests from configurations, and says nothing of an empty text', () => {
    expect(kindOf('apiVersion: v1\n')).toBe('kubernetes');
    expect(kindOf('{ "kind": "List" }')).toBe('kubernetes');
    expect(kindOf('{\n  "kind": "List" }')).toBe('kubernetes');
    expect(kindOf(optional.text)).toBe('nginx');
    expect(examine(asked(''))).toMatchObject({ findings: [], corrected: null, mended: 0, left: 0 });
  });
});
