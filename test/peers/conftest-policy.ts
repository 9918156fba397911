import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { conftest } from '#kit';
import { auditConfig, conftestInput, parseNginxDump, type RuleFinding } from '#nginx-audit';
import { CONFTEST_RULES } from '../../tools/audit-rules/rego-rules.js';

export const POLICY = ['--strict', '--policy', 'policy/conftest', '--namespace', 'nginx.mtls'] as const;

/** Cases of the audit that Conftest's parser refuses to read. */
export const UNREADABLE_CASES: readonly string[] = [
  ...['an open block', 'no reason', 'headers that are merged'],
];

/** One configuration, by what it is about. */
export interface PolicyCase {
  readonly what: string;
  readonly config: string;
}

interface ConftestResult {
  readonly filename: string;
  readonly failures?: readonly ConftestFinding[];
  readonly warnings?: readonly ConftestFinding[];
}

interface ConftestFinding {
  readonly msg: string;
  readonly metadata: { readonly rule: string; readonly severity: string; readonly server: string };
}

/** What the policy says of each in one run of the real Conftest: read by its nginx parser, or by ours and handed over. */
export async function policyVerdicts(
  cases: readonly PolicyCase[],
  { clientDepth = null, parser = 'nginx' }: { clientDepth?: number | null; parser?: 'nginx' | 'json' } = {},
): Promise<string[][]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'windlass-conftest-'));
  try {
    const files = cases.map((_, index) => path.join(folder, `${index}.conf`));
    const text = (config: string) =>
      parser === 'nginx' ? config : JSON.stringify(conftestInput(parseNginxDump(config)));
    await Promise.all(files.map((file, index) => writeFile(file, text(cases[index]?.config ?? ''))));
    const data = path.join(folder, 'data.json');
    await writeFile(
      data,
      JSON.stringify(clientDepth === null ? {} : { windlass: { client_depth: clientDepth } }),
    );
    const options = ['test', '--parser', parser, '--data', data, '--output', 'json', '--no-fail', ...POLICY];
    const { stdout, stderr } = await conftest([...options, ...files]);
    if (!stdout.startsWith('[')) throw new Error(`conftest: ${stderr}`);
    const results = new Map((JSON.parse(stdout) as ConftestResult[]).map((one) => [one.filename, one]));
    return files.map((file) => said(results.get(file)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function said(result: ConftestResult | undefined): string[] {
  if (result === undefined) throw new Error('conftest says nothing of one of the files');
  const { failures = [], warnings = [] } = result;
  return [...new Set([...failures, ...warnings].map(({ metadata }) => keyOf(metadata)))].toSorted();
}

/** What the audit says of each by the rules that the policy has. */
export function auditVerdict({ config }: PolicyCase, clientDepth: number | null = null): string[] {
  const findings = auditConfig(parseNginxDump(config), { clientDepth }).filter(isPolicys);
  return [...new Set(findings.map((finding) => keyOf({ ...finding, server: serverOf(finding) })))].toSorted();
}

function isPolicys({ rule }: RuleFinding): boolean {
  return CONFTEST_RULES.some((one) => one === rule);
}

/** The audit names a server at the beginning of its message. */
function serverOf({ message }: RuleFinding): string {
  return /^server (\S+) /.exec(message)?.[1] ?? '';
}

/** The audit says of these where they stand, and not in which server. */
const WITHOUT_SERVER = ['guard-incomplete', 'include-not-read', 'config-unreadable'];

function keyOf({ rule, severity, server }: ConftestFinding['metadata']): string {
  return `${severity} ${rule}${WITHOUT_SERVER.includes(rule) ? '' : ` ${server}`}`;
}
