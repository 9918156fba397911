import {
  type AuditOptions,
  auditConfig,
  conftestInput,
  type DumpedFile,
  fixConfig,
  MISSING_INCLUDE,
  type NginxConfig,
  printDump,
  RULES,
  type RuleFinding,
} from '#nginx-audit';
import { certificateFiles } from '../findings/certificate-files.js';
import { baselineIn, conclude, type ReadText, shown, withComplaints } from '../findings/conclude.js';
import { ConfigFiles, type ReadConfig } from './config-files.js';
import { AUDIT_USAGE, type AuditCommandOptions, auditOptions } from './options.js';

const TOOL = {
  name: 'windlass audit',
  rules: RULES,
  documentation: 'docs/audit-rules.md',
  canMend: true,
};

/** Returns the exit code: 0 when there is nothing to say, 1 when it could not be asked, 2 for findings. */
export function auditCommand(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): number {
  return withComplaints('windlass audit', AUDIT_USAGE, complain, () => {
    const options = auditOptions(
      args,
      RULES.map(({ id }) => id),
    );
    if (options !== null) return run(options, print, complain);
    print(AUDIT_USAGE);
    return 0;
  });
}

function run(
  options: AuditCommandOptions,
  print: (line: string) => void,
  complain: (line: string) => void,
): number {
  const files = new ConfigFiles(options.root);
  if (options.asConftest) {
    for (const file of options.files) print(JSON.stringify(conftestInput(readable(files.read(file).config))));
    return 0;
  }
  const baseline = baselineIn(options);
  const texts: ReadText[] = [];
  const findings = options.files.flatMap((file) => {
    const read = files.read(file);
    const { left, config } = audited(read, files, options, print);
    const name = (one: string) => (read.isForeign ? one : shown(files.place(one)));
    for (const { path, content } of config) texts.push({ path: name(path), content });
    return left.map((finding) => renamed(finding, name));
  });
  return conclude(findings, { texts, baseline, options }, TOOL, options.fix ? complain : print);
}

/** A policy that got half of a configuration would pass the other half. */
function readable(config: NginxConfig): NginxConfig {
  const problem = config.problems.find(({ message }) => !MISSING_INCLUDE.test(message));
  if (problem === undefined) return config;
  const { file, line, column, message } = problem;
  throw new RangeError(`${file}:${line}:${column}: ${message}; mend it, nginx -t shows the next one`);
}

/** Findings of one configuration, those left over where it was mended. */
function audited(
  { main, config, isForeign, wasDump }: ReadConfig,
  files: ConfigFiles,
  options: AuditCommandOptions,
  print: (line: string) => void,
): { left: readonly RuleFinding[]; config: readonly DumpedFile[] } {
  const facts = factsFor(files, isForeign, options);
  if (!options.fix && !options.write) {
    return { left: auditConfig(config, facts), config: config.files };
  }
  const wanted = ({ rule }: RuleFinding) => options.rules === null || options.rules.includes(rule);
  const mended = fixConfig(main, config.files, facts, wanted);
  if (options.write) for (const file of changed(config, mended.files)) files.write(file);
  if (options.fix) {
    const [only, ...others] = mended.files;
    const isAlone = only !== undefined && others.length === 0 && only.path === main && !wasDump;
    // What prints a line ends it.
    print((isAlone ? only.content : printDump(mended.files)).replace(/\n$/, ''));
  }
  return { left: mended.left, config: mended.files };
}

function changed({ files }: NginxConfig, mended: readonly DumpedFile[]): DumpedFile[] {
  const before = new Map(files.map(({ path, content }) => [path, content]));
  return mended.filter(({ path, content }) => before.get(path) !== content);
}

/** Certificates are read where the configuration is this machine's, or a root was named. */
function factsFor(files: ConfigFiles, isForeign: boolean, options: AuditCommandOptions): AuditOptions {
  const { version, clientDepth, root } = options;
  if (isForeign && root === null) return { version, clientDepth };
  return { version, clientDepth, trustFiles: certificateFiles((file) => files.text(file), Date.now()) };
}

function renamed(finding: RuleFinding, name: (file: string) => string): RuleFinding {
  const place = <T extends { readonly file: string }>(one: T): T => ({ ...one, file: name(one.file) });
  const { fix, related } = finding;
  return {
    ...place(finding),
    related: related.map(place),
    fix: fix === null ? null : { ...fix, edits: fix.edits.map(place) },
  };
}
