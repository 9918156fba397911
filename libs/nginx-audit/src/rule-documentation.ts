import { MANIFEST_RULES } from './manifests/rules/index.js';
import type { RuleTexts } from './rule.js';
import { RULES } from './rules/index.js';
import { ADVISORIES_ON_CLIENTS } from './rules/versions.js';

/** What a page of rules has beside them. */
interface RulePage {
  readonly rules: readonly RuleTexts[];
  readonly title: string;
  /** Where the table stands in this repository, and how it is run. */
  readonly origin: string;
  /** Who does what `does` says. */
  readonly actor: string;
  readonly appendix: readonly string[];
}

const originOf = (folder: string, run: string) =>
  `Made from the rule table in ${folder} by \`node dist/tools/audit-rules/main.js\`; a test fails when it is out of date. ${run}`;

/** The pages of rules, by the files of docs that they are. */
export const RULE_PAGES: Readonly<Record<'audit-rules.md' | 'scan-rules.md', () => string>> = {
  'audit-rules.md': () =>
    rulePage({
      ...{ rules: RULES, title: 'Rules of the audit', actor: 'nginx', appendix: advisories() },
      origin: originOf('libs/nginx-audit/src/rules', 'How to run the audit: [audit.md](audit.md).'),
    }),
  'scan-rules.md': () =>
    rulePage({
      ...{ rules: MANIFEST_RULES, title: 'Rules of the scan', actor: 'the controller', appendix: [] },
      origin: originOf('libs/nginx-audit/src/manifests/rules', 'How to run the scan: [scan.md](scan.md).'),
    }),
};

function rulePage({ rules, title, origin, actor, appendix }: RulePage): string {
  const rows = rules.map(({ id, severity, title }) => `| [${id}](#${id}) | ${severity} | ${cell(title)} |`);
  return [
    `# ${title}`,
    '',
    origin,
    '',
    '`error`: who gets in is not who should. `warning`: it can become so. `note`: better is possible.',
    '',
    '| rule | severity | what it finds |',
    '|---|---|---|',
    ...rows,
    '',
    ...rules.flatMap((rule) => section(rule, actor)),
    ...appendix,
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

function section(rule: RuleTexts, actor: string): readonly string[] {
  const { id, title, does, matters, remedy, references } = rule;
  return [
    `## ${id}`,
    '',
    `${title}.`,
    '',
    `- What ${actor} does: ${does}`,
    `- Why it matters: ${matters}`,
    `- What to do: ${remedy}`,
    `- Written in: ${references.map((one) => `[${one.title}](${one.url})`).join(', ')}`,
    '',
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
