import type { JudgedFinding } from './baseline.js';
import type { Edit, Place, RuleTexts } from './rule.js';

/** Who found it, by which rules. */
export interface SarifTool {
  /** Such as `windlass audit`. */
  readonly name: string;
  readonly version: string;
  readonly rules: readonly RuleTexts[];
  /** Where the rules are documented, for tools that show a link. */
  readonly documentation: string;
}

/**
 * SARIF 2.1.0 (OASIS, with errata 01). Files are named relative to `%SRCROOT%` unless their paths are absolute.
 * Accepted findings are in it as suppressed ones.
 */
export function sarifLog(findings: readonly JudgedFinding[], tool: SarifTool): object {
  const { name, version, rules, documentation } = tool;
  const descriptors = rules.map((rule) => ruleDescriptor(rule, documentation));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name, version, rules: descriptors } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, indexes.get(finding.rule) ?? -1)),
      },
    ],
  };
}

function ruleDescriptor(rule: RuleTexts, documentation: string): object {
  const { id, title, severity, does, matters, remedy, references } = rule;
  const list = references.map(({ title, url }) => `- [${title}](${url})`).join('\n');
  return {
    id,
    name: id.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: `${does} ${matters}` },
    help: {
      text: `${remedy} See ${documentation}#${id}.`,
      markdown: `${does}\n\n${matters}\n\n**${remedy}**\n\n${list}`,
    },
    helpUri: references[0]?.url,
    defaultConfiguration: { level: severity },
    properties: { tags: ['security', 'mtls', 'nginx'] },
  };
}

function result(finding: JudgedFinding, ruleIndex: number): object {
  const { rule, severity, message, related, accepted, fix, fingerprint } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: severity,
    message: { text: message },
    locations: [location(finding)],
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((place, id) => ({ id, ...location(place) })) }),
    partialFingerprints: { 'windlassLine/v1': fingerprint },
    ...(accepted === null ? {} : { suppressions: [suppression(accepted)] }),
    ...(fix === null
      ? {}
      : { fixes: [{ description: { text: fix.title }, artifactChanges: changes(fix.edits) }] }),
  };
}

function suppression({ by, reason }: NonNullable<JudgedFinding['accepted']>): object {
  return { kind: by === 'comment' ? 'inSource' : 'external', status: 'accepted', justification: reason };
}

function location({ file, line, column }: Place): object {
  return {
    physicalLocation: {
      artifactLocation: artifact(file),
      region: { startLine: line, startColumn: column },
    },
  };
}

function artifact(file: string): object {
  const uri = encodeURI(file).replaceAll('#', '%23').replaceAll('?', '%3F');
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}

function changes(edits: readonly Edit[]): object[] {
  const files = [...new Set(edits.map(({ file }) => file))];
  return files.map((file) => ({
    artifactLocation: artifact(file),
    replacements: edits
      .filter((edit) => edit.file === file)
      .map(({ start, end, text }) => ({
        deletedRegion: { charOffset: start, charLength: end - start },
        insertedContent: { text },
      })),
  }));
}
