import type { Rule } from './rule.js';

/** The page that docs/audit-rules.md is, made from the rule table. */
export function ruleDocumentation(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, severity, title }) => `| [${id}](#${id}) | ${severity} | ${cell(title)} |`);
  return [
    '# Rules of the audit',
    '',
    'Made from the rule table in libs/nginx-audit/src/rules by `node dist/tools/audit-rules/main.js`; a test fails when it is out of date. How to run the audit: [audit.md](audit.md).',
    '',
    '`error`: who gets in is not who should. `warning`: it can become so. `note`: better is possible.',
    '',
    '| rule | severity | what it finds |',
    '|---|---|---|',
    ...rows,
    '',
    ...rules.flatMap(section),
  ].join('\n');
}

function section({ id, title, does, matters, remedy, references }: Rule): readonly string[] {
  return [
    `## ${id}`,
    '',
    `${title}.`,
    '',
    `- What nginx does: ${does}`,
    `- Why it matters: ${matters}`,
    `- What to do: ${remedy}`,
    `- Written in: ${references.map((one) => `[${one.title}](${one.url})`).join(', ')}`,
    '',
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
