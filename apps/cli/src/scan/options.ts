import { parseArgs } from 'node:util';
import { FINDING_OPTIONS, type FindingOptions, findingOptions } from '../findings/options.js';

export const SCAN_USAGE = `windlass scan PATH [PATH ...]

Says what Kubernetes manifests do with client certificates that they should not: annotations of ingress-nginx,
policies of NGINX Ingress Controller, frontend validation of the Gateway API, and the CAs and CRLs in the Secrets and
ConfigMaps that come with them. PATH is a file, a folder (all .yaml, .yml and .json below it), or - for standard input.
All of them are looked at together. Render charts first.
Exit code 0: nothing to say; 1: it could not be asked; 2: findings at or above --fail-on.

  windlass scan deploy/
  helm template ./chart -f values.yaml | windlass scan -

  --format FORMAT        text (default), json, yaml, sarif (2.1.0), or github (annotations of a workflow)
  -o, --output FORMAT    table, json or yaml, as at every other command
  --fail-on SEVERITY     error, warning (default), note, or never
  --rule RULE            looks at this rule only; may be given more than once
  --baseline FILE        findings that are known: only others count
  --write-baseline FILE  writes them, with --reason TEXT for each that has none yet

To accept a finding, write why on its line or the one before: # windlass-ignore RULE: reason
`;

export interface ScanCommandOptions extends FindingOptions {
  readonly paths: readonly string[];
}

/** Null when help is asked for. Throws RangeError or TypeError that names the word which makes no sense. */
export function scanOptions(args: readonly string[], known: readonly string[]): ScanCommandOptions | null {
  const { values, positionals } = parseArgs({
    ...{ args: [...args], options: FINDING_OPTIONS, allowPositionals: true },
  });
  if (values.help) return null;
  if (positionals.length === 0) {
    throw new RangeError('no manifest is given: name a file or a folder, or - for standard input');
  }
  return { ...findingOptions(values, known), paths: positionals };
}
