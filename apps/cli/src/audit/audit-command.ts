import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type AuditOptions,
  auditConfig,
  type Baseline,
  baselineOf,
  type ConfigFinding,
  conftestInput,
  type DumpedFile,
  fixConfig,
  isAtLeastAsSevere,
  type JudgedFinding,
  judge,
  MISSING_INCLUDE,
  type NginxConfig,
  printDump,
  RULES,
  readBaseline,
} from '#nginx-audit';
import { certificateFiles } from './certificate-files.js';
import { ConfigFiles, type ReadConfig } from './config-files.js';
import { AUDIT_USAGE, type AuditCommandOptions, auditOptions } from './options.js';
import { reportLines } from './report.js';

/** As in package.json; a test holds the two together. */
export const TOOL_VERSION = '0.1.0';

/** Returns the exit code: 0 when there is nothing to say, 1 when it could not be asked, 2 for findings. */
export function auditCommand(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): number {
  try {
    const options = auditOptions(
      args,
      RULES.map(({ id }) => id),
    );
    if (options === null) {
      print(AUDIT_USAGE);
      return 0;
    }
    return run(options, print, complain);
  } catch (error) {
    if (error instanceof RangeError) complain(`windlass audit: ${error.message}`);
    else if (error instanceof TypeError) complain(`windlass audit: ${error.message}\n\n${AUDIT_USAGE}`);
    else throw error;
    return 1;
  }
}

function run(
  options: AuditCommandOptions,
  print: (line: string) => void,
  complain: (line: string) => void,
): number {
  const files = new ConfigFiles(options.root);
  if (options.format === 'conftest') {
    for (const file of options.files) print(JSON.stringify(conftestInput(readable(files.read(file).config))));
    return 0;
  }
  const baseline = options.baseline === null ? null : readBaseline(readText(options.baseline));
  const texts = new Map<string, string>();
  const findings = options.files.flatMap((file) => {
    const read = files.read(file);
    const { left, config } = audited(read, files, options, print);
    const name = (one: string) => (read.isForeign ? one : shown(files.place(one)));
    for (const { path: one, content } of config) texts.set(name(one), content);
    return left.map((finding) => renamed(finding, name));
  });
  const lines = new Map([...texts].map(([file, text]) => [file, text.split('\n')]));
  const lineOf = (file: string, line: number) => lines.get(file)?.[line - 1] ?? '';
  const judged = judge(findings, lineOf, baseline);
  if (options.writeBaseline !== null) {
    save(options.writeBaseline, baselineOf(judged, lineOf, options.reason ?? ''));
    return 0;
  }
  for (const line of reportLines(judged, options.format, TOOL_VERSION))
    (options.fix ? complain : print)(line);
  return judged.some((finding) => counts(finding, options)) ? 2 : 0;
}

/** A policy that got half of a configuration would pass the other half. */
function readable(config: NginxConfig): NginxConfig {
  const problem = config.problems.find(({ message }) => !MISSING_INCLUDE.test(message));
  if (problem === undefined) return config;
  const { file, line, column, message } = problem;
  throw new RangeError(`${file}:${line}:${column}: ${message}; mend it, nginx -t shows the next one`);
}

function counts({ accepted, severity }: JudgedFinding, { failOn }: AuditCommandOptions): boolean {
  return accepted === null && failOn !== 'never' && isAtLeastAsSevere(severity, failOn);
}

/** Findings of one configuration, those left over where it was mended. */
function audited(
  { main, config, isForeign, wasDump }: ReadConfig,
  files: ConfigFiles,
  options: AuditCommandOptions,
  print: (line: string) => void,
): { left: readonly ConfigFinding[]; config: readonly DumpedFile[] } {
  const wanted = ({ rule }: ConfigFinding) => options.rules === null || options.rules.includes(rule);
  const facts = factsFor(files, isForeign, options);
  if (!options.fix && !options.write) {
    return { left: auditConfig(config, facts).filter(wanted), config: config.files };
  }
  const mended = fixConfig(main, config.files, facts, wanted);
  if (options.write) for (const file of changed(config, mended.files)) files.write(file);
  if (options.fix) {
    const [only, ...others] = mended.files;
    const isAlone = only !== undefined && others.length === 0 && only.path === main && !wasDump;
    // What prints a line ends it.
    print((isAlone ? only.content : printDump(mended.files)).replace(/\n$/, ''));
  }
  return { left: mended.left.filter(wanted), config: mended.files };
}

function changed({ files }: NginxConfig, mended: readonly DumpedFile[]): DumpedFile[] {
  const before = new Map(files.map(({ path: file, content }) => [file, content]));
  return mended.filter(({ path: file, content }) => before.get(file) !== content);
}

/** Certificates are read where the configuration is this machine's, or a root was named. */
function factsFor(files: ConfigFiles, isForeign: boolean, options: AuditCommandOptions): AuditOptions {
  const { version, clientDepth, root } = options;
  if (isForeign && root === null) return { version, clientDepth };
  return { version, clientDepth, trustFiles: certificateFiles((file) => files.text(file), Date.now()) };
}

/** As a person at this place would name it. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

function renamed(finding: ConfigFinding, name: (file: string) => string): ConfigFinding {
  const place = <T extends { readonly file: string }>(one: T): T => ({ ...one, file: name(one.file) });
  const { fix, related } = finding;
  return {
    ...place(finding),
    related: related.map(place),
    fix: fix === null ? null : { ...fix, edits: fix.edits.map(place) },
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RangeError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function save(file: string, baseline: Baseline): void {
  writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
}
