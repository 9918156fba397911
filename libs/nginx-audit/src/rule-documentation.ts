import type { Rule } from './rule.js';
import { ADVISORIES_ON_CLIENTS } from './rules/versions.js';

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
    ...advisories(),
  ].join('\n');
}

/** Which rows of nginx's list of advisories vulnerable-version knows, and why those. */
function advisories(): readonly string[] {
  return [
    '## Advisories on client certificates',
    '',
    "What `vulnerable-version` knows of [nginx's list](https://nginx.org/en/security_advisories.html), as that was when 1.31.3 was the newest version on it. Left out is what has nothing to do with client certificates: HTTP/2 and HTTP/3, mp4, mail, charset, slice, SSI, ranges, rewrite.",
    '',
    '| advisory | from | fixed in | why it matters here |',
    '|---|---|---|---|',
    ...ADVISORIES_ON_CLIENTS.map(
      ({ cve, title, since, fixed, because }) =>
        `| ${cve}: ${cell(title)} | ${since} | ${fixed.join(', ')} | ${cell(because)} |`,
    ),
    '',
  ];
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
