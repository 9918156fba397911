import {
  type AuditOptions,
  auditConfig,
  dumpedFiles,
  fixConfig,
  isDump,
  MANIFEST_RULES,
  parseIncludeTree,
  parseNginxVersion,
  printDump,
  RULES,
  type RuleFinding,
  type RuleTexts,
  type Severity,
  scanManifests,
  sourceOf,
} from '#nginx-audit';
import {
  type Examination,
  MOST_MENDED,
  MOST_SHOWN,
  type Question,
  type ShownFinding,
  type TextKind,
} from './examination.js';
import { PastedText } from './pasted-text.js';

/** What a manifest without a name is called. */
const MANIFEST_NAME = 'manifest.yaml';

/** Audits or scans a text, and makes the chosen fixes, as `windlass audit -` and `windlass scan -` do. */
export function examine(question: Question): Examination {
  const kind = question.kind ?? kindOf(question.text);
  return kind === 'nginx' ? examineConfig(question) : examineManifests(question.text);
}

/** Objects of Kubernetes name their kind; no directive of nginx ends with a colon. */
export function kindOf(text: string): TextKind {
  return /^[\s{]*["']?(apiVersion|kind)["']?\s*:/m.test(text) ? 'kubernetes' : 'nginx';
}

/** What tells a finding apart whose line moves while others are mended. */
export function keyOf({ rule, message }: Pick<RuleFinding, 'rule' | 'message'>): string {
  return `${rule} ${message.replace(/:\d+\b/g, '')}`;
}

function examineConfig({ text, version, clientDepth, declined }: Question): Examination {
  const files = dumpedFiles(text);
  const main = files[0]?.path ?? '';
  const facts: AuditOptions = {
    version: version === null ? null : parseNginxVersion(version),
    clientDepth,
  };
  const config = parseIncludeTree(main, sourceOf(files));
  const findings = auditConfig(config, facts);
  const found = shown(findings, PastedText.ofConfig(text, config));
  if (text.length > MOST_MENDED) return { kind: 'nginx', ...found, ...unmended(findings), isTooLarge: true };
  const refused = new Set(declined);
  const mended = fixConfig(main, files, facts, (finding) => !refused.has(keyOf(finding)));
  const corrected = isDump(text) ? printDump(mended.files) : (mended.files[0]?.content ?? text);
  return {
    kind: 'nginx',
    ...found,
    isTooLarge: false,
    corrected: mended.fixed.length === 0 ? null : corrected,
    mended: mended.fixed.length,
    left: mended.left.filter(({ suppressed }) => suppressed === null).length,
  };
}

/** Nothing mends a manifest: what to trust instead is not written in it. */
function examineManifests(text: string): Examination {
  const findings = scanManifests([{ path: MANIFEST_NAME, content: text }]);
  const found = shown(findings, PastedText.ofManifests(MANIFEST_NAME, text));
  return { kind: 'kubernetes', ...found, ...unmended(findings), isTooLarge: false };
}

function unmended(findings: readonly RuleFinding[]): Pick<Examination, 'corrected' | 'mended' | 'left'> {
  return {
    corrected: null,
    mended: 0,
    left: findings.filter(({ suppressed }) => suppressed === null).length,
  };
}

function shown(
  all: readonly RuleFinding[],
  text: PastedText,
): Pick<Examination, 'findings' | 'counts' | 'rules'> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
  for (const { severity, suppressed } of all) if (suppressed === null) counts[severity] += 1;
  const findings = all.slice(0, MOST_SHOWN).map((finding) => shownFinding(finding, text));
  return { counts, findings, rules: textsOf(new Set(findings.map(({ rule }) => rule))) };
}

/** Without their checks, which no message can carry. */
function textsOf(ids: ReadonlySet<string>): Readonly<Record<string, RuleTexts>> {
  const found = [...RULES, ...MANIFEST_RULES].filter(({ id }) => ids.has(id));
  return Object.fromEntries(
    found.map(({ id, title, severity, does, matters, remedy, references }) => [
      id,
      { id, title, severity, does, matters, remedy, references },
    ]),
  );
}

function shownFinding(finding: RuleFinding, text: PastedText): ShownFinding {
  const { rule, severity, message, file, line, column, fix, suppressed } = finding;
  return {
    ...{ key: keyOf(finding), rule, severity, message, file, line, column },
    ...{ range: text.rangeOf(finding), fix: fix?.title ?? null, accepted: suppressed },
  };
}
