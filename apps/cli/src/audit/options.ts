import { parseArgs } from 'node:util';
import { type NginxVersion, parseNginxVersion } from '#nginx-audit';
import { FINDING_OPTIONS, type FindingOptions, findingOptions } from '../findings/options.js';

export const AUDIT_USAGE = `windlass audit FILE [FILE ...]

Says what a configuration of nginx does with client certificates that it should not, and mends what can be mended.
FILE is an nginx.conf (its includes are read), a server block alone, or what nginx -T printed; - reads standard input.
(windlass audit verify is another command, for the audit log of Windlass; a file of that name is ./verify.)
Exit code 0: nothing to say; 1: it could not be asked; 2: findings at or above --fail-on.

  nginx -T 2>/dev/null | windlass audit - --nginx-version "$(nginx -v 2>&1)"
  windlass audit nginx.conf --write && nginx -t

  --format FORMAT        text (default), json, yaml, sarif (2.1.0), github (annotations of a workflow); or conftest: no
                         audit, but the configuration with its includes in place, for conftest test --parser json -
  -o, --output FORMAT    table, json or yaml, as at every other command
  --fail-on SEVERITY     error, warning (default), note, or never
  --fix                  prints the mended configuration on standard output, and the findings that are left on the
                         other one; several files come as nginx -T prints them
  --write                mends the files in place
  --rule RULE            looks at this rule only; may be given more than once
  --nginx-version V      what nginx -v prints: some rules depend on it
  --client-depth N       CAs between the root and your clients, where the bundle does not have them all
  --root FOLDER          where to look for the files that the configuration names by absolute paths
  --baseline FILE        findings that are known: only others count
  --write-baseline FILE  writes them, with --reason TEXT for each that has none yet

To accept a finding, write why on its line or the one before: # windlass-ignore RULE: reason
`;

export const AUDIT_OPTIONS = {
  ...FINDING_OPTIONS,
  fix: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  'nginx-version': { type: 'string' },
  'client-depth': { type: 'string' },
  root: { type: 'string' },
} as const;

const CONFTEST = 'conftest';

export interface AuditCommandOptions extends FindingOptions {
  readonly files: readonly string[];
  /** Prints what policies of Conftest read, and looks for nothing. */
  readonly asConftest: boolean;
  readonly fix: boolean;
  readonly write: boolean;
  readonly version: NginxVersion | null;
  readonly clientDepth: number | null;
  readonly root: string | null;
}

/** Null when help is asked for. Throws RangeError or TypeError that names the word which makes no sense. */
export function auditOptions(args: readonly string[], known: readonly string[]): AuditCommandOptions | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: AUDIT_OPTIONS,
    allowPositionals: true,
  });
  if (values.help) return null;
  if (positionals.length === 0) throw new RangeError('no file is given: name one, or - for standard input');
  if (values.write && positionals.includes('-'))
    throw new RangeError('--write cannot mend standard input: use --fix');
  const judging = [values['write-baseline'], values.baseline, values.rule];
  const audits = values.fix || values.write || judging.some((one) => one !== undefined);
  if (values.format === CONFTEST && (audits || positionals.length > 1))
    throw new RangeError(
      '--format conftest prints one configuration: name one, and nothing that mends, picks or keeps findings',
    );
  const asConftest = values.format === CONFTEST;
  return {
    ...findingOptions(asConftest ? { ...values, format: 'text' } : values, known, [CONFTEST]),
    asConftest,
    ...{ files: positionals, fix: values.fix, write: values.write, root: values.root ?? null },
    ...{ version: versionIn(values['nginx-version']), clientDepth: depthIn(values['client-depth']) },
  };
}

function versionIn(text: string | undefined): NginxVersion | null {
  if (text === undefined) return null;
  const version = parseNginxVersion(text);
  if (version === null) throw new RangeError(`--nginx-version must be such as 1.26.3, not "${text}"`);
  return version;
}

function depthIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,3}$/.test(text))
    throw new RangeError(`--client-depth must be a whole number from 0, not "${text}"`);
  return Number(text);
}
