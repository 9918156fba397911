import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { githubAnnotations } from './annotations.js';
import { auditConfig } from './audit.js';
import { type Baseline, baselineOf, type JudgedFinding, judge, readBaseline } from './baseline.js';
import { applyEdits } from './edits.js';
import { MANIFEST_CASES } from './manifests/rules/cases/index.fixture.js';
import { MANIFEST_RULES } from './manifests/rules/index.js';
import { scanManifests } from './manifests/scan.js';
import { parseNginxDump } from './parse-dump.js';
import { RULE_CASES } from './rules/cases/index.fixture.js';
import { RULES } from './rules/index.js';
import { sarifLog } from './sarif.js';

/** The schema of OASIS, as Microsoft's SARIF SDK for JavaScript carries it. */
const SCHEMA = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
);
const ajv = new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(SCHEMA);

const TEXT = `server {
  listen 443 ssl;
  ssl_client_certificate /ca.pem;
  ssl_verify_client optional;
  ssl_stapling on;
}
`;
const TOOL = { name: 'windlass audit', version: '1.2.3', rules: RULES, documentation: 'docs/audit-rules.md' };
const lineOf = (text: string) => (_file: string, line: number) => text.split('\n')[line - 1] ?? '';

function judged(text: string, baseline: Baseline | null = null): JudgedFinding[] {
  return judge(auditConfig(parseNginxDump(text)), lineOf(text), baseline);
}
const counting = (findings: readonly JudgedFinding[]) =>
  findings.flatMap(({ rule, accepted }) => (accepted === null ? [rule] : []));

describe('SARIF', () => {
  it.each(RULE_CASES.map((one) => [`${one.rule}: ${one.what}`, one] as const))(
    'follows the schema (%s)',
    (_name, { config }) => {
      expect(validate(sarifLog(judged(config), TOOL)) ? [] : validate.errors).toEqual([]);
    },
  );

  it.each(MANIFEST_CASES.map((one) => [`${one.rule}: ${one.what}`, one] as const))(
    'follows the schema for manifests (%s)',
    (_name, { manifest }) => {
      const findings = scanManifests([{ path: 'deploy/a.yaml', content: manifest }]);
      const log = sarifLog(judge(findings, lineOf(manifest), null), { ...TOOL, rules: MANIFEST_RULES });
      expect(validate(log) ? [] : validate.errors).toEqual([]);
    },
  );

  it('is refused by the schema when something is wrong', () => {
    expect(validate({ ...sarifLog([], TOOL), version: '2.0.0' })).toBe(false);
  });

  it('carries places, reasons, and fixes that do what they say', () => {
    const accepted = judged(
      TEXT.replace(
        'ssl_verify_client optional;',
        'ssl_verify_client optional; # windlass-ignore depth-default: never more',
      ),
    );
    const log = sarifLog(accepted, TOOL) as { runs: { results: Record<string, unknown>[] }[] };
    const of = (rule: string) => log.runs[0]?.results.find(({ ruleId }) => ruleId === rule);
    expect(of('verify-optional')).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'file:///etc/nginx/nginx.conf' },
            region: { startLine: 4, startColumn: 3 },
          },
        },
      ],
      fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: 'on' } }] }] }],
    });
    expect(of('depth-default')).toMatchObject({
      suppressions: [{ kind: 'inSource', justification: 'never more' }],
    });
  });

  it('names files relative to the root of the sources, encoded', () => {
    const [first] = judged(TEXT);
    if (first === undefined) throw new Error('there are findings');
    const text = JSON.stringify(sarifLog([{ ...first, file: 'my sites/#1?.conf' }], TOOL));
    expect(text).toContain('"uri":"my%20sites/%231%3F.conf","uriBaseId":"%SRCROOT%"');
  });
});

describe('annotations', () => {
  it('are one line each, whatever is in the configuration', () => {
    const evil =
      'server { listen 443 ssl; server_name "a\n::error::x%0A,y"; ssl_client_certificate "/a\r\n::b"; }';
    const lines = githubAnnotations(judged(evil).map((one) => ({ ...one, file: 'a:b,c.conf' })));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      expect(line).toMatch(
        /^::(error|warning|notice) file=a%3Ab%2Cc\.conf,line=\d+,col=\d+,title=[a-z-]+::[^\r\n]+$/,
      );
    }
  });

  it('leave out what was accepted', () => {
    const text = TEXT.replace(
      '  ssl_verify_client',
      '  # windlass-ignore verify-optional: public pages\n  ssl_verify_client',
    );
    expect(githubAnnotations(judged(text)).join()).not.toContain('verify-optional');
  });
});

describe('a baseline of manifests', () => {
  const [first] = MANIFEST_CASES;
  const text = first?.manifest ?? '';
  const judgedAt = (content: string, baseline: Baseline | null) =>
    judge(scanManifests([{ path: 'a.yaml', content }]), lineOf(content), baseline);

  it('goes with lines that move, and comments accept what they name', () => {
    const baseline = baselineOf(judgedAt(text, null), lineOf(text), 'from before');
    expect(counting(judgedAt(text, null))).toContain('ingress-verify-off');
    expect(counting(judgedAt(`# one\n${text}`, baseline))).toEqual([]);
    const accepted = text.replace(
      /^.*verify-client.*$/m,
      (line) => `${line} # windlass-ignore ingress-verify-off: demo`,
    );
    expect(counting(judgedAt(accepted, null))).toEqual([]);
  });
});

describe('a baseline', () => {
  const baseline = baselineOf(judged(TEXT), lineOf(TEXT), 'from before');

  it('accepts what was there, with its reason', () => {
    const again = judged(TEXT, readBaseline(JSON.stringify(baseline)));
    expect(counting(again)).toEqual([]);
    expect(again[0]?.accepted).toEqual({ by: 'baseline', reason: 'from before' });
  });

  it('goes with lines that move, and forgets lines that change', () => {
    expect(counting(judged(`# one\n\n${TEXT}`, baseline))).toEqual([]);
    expect(counting(judged(TEXT.replace('optional;', 'optional; # still'), baseline))).toEqual([
      'verify-optional',
      'depth-default',
    ]);
  });

  it('accepts each finding once', () => {
    const twice = judged(TEXT + TEXT, baseline);
    expect(counting(twice)).toEqual(counting(judged(TEXT)));
  });

  it.each([
    ['{', 'no JSON'],
    ['{}', 'version 1'],
    ['null', 'version 1'],
    [
      '{"version":1,"findings":[{"rule":"a","file":"b","text":"c"}]}',
      'finding 1 of the baseline has no reason',
    ],
    ['{"version":1,"findings":[{"rule":"a","file":"b","text":"c","reason":" "}]}', 'gives no reason'],
  ])('that is none is refused: %s', (text, message) => {
    expect(() => readBaseline(text)).toThrow(message);
  });
});

describe('edits', () => {
  it('are made from the last to the first, those at one place in their order', () => {
    const edit = (start: number, end: number, text: string) => ({ file: '/a', start, end, text });
    const [file] = applyEdits(
      [{ path: '/a', content: 'abc' }],
      [edit(2, 3, 'C'), edit(1, 1, '1'), edit(1, 1, '2')],
    );
    expect(file?.content).toBe('a12bC');
  });
});
