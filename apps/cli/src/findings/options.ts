import type { Severity } from '#nginx-audit';
import { outputFormat } from '../server/output-format.js';

/** What every command that gives findings takes, in the words of `node:util` parseArgs. */
export const FINDING_OPTIONS = {
  format: { type: 'string', default: 'text' },
  output: { type: 'string', short: 'o' },
  'fail-on': { type: 'string', default: 'warning' },
  rule: { type: 'string', multiple: true },
  baseline: { type: 'string' },
  'write-baseline': { type: 'string' },
  reason: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const FORMATS = ['text', 'json', 'yaml', 'sarif', 'github'] as const;
/** What `-o` calls them, as at every other command. */
const OUTPUTS = { table: 'text', json: 'json', yaml: 'yaml' } as const;
const BARS = ['error', 'warning', 'note', 'never'] as const;

export interface FindingOptions {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: Severity | 'never';
  /** Null: all of them. */
  readonly rules: readonly string[] | null;
  readonly baseline: string | null;
  readonly writeBaseline: string | null;
  readonly reason: string | null;
}

/** The values that parseArgs gives for {@link FINDING_OPTIONS}. */
interface FindingValues {
  readonly format: string;
  readonly output?: string | undefined;
  readonly 'fail-on': string;
  readonly rule?: readonly string[] | undefined;
  readonly baseline?: string | undefined;
  readonly 'write-baseline'?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Throws RangeError that names the word which makes no sense. `known`: ids of the rules there are; `otherFormats`: what
 * the command prints beside findings, to be named with the rest.
 */
export function findingOptions(
  values: FindingValues,
  known: readonly string[],
  otherFormats: readonly string[] = [],
): FindingOptions {
  const unknown = values.rule?.find((rule) => !known.includes(rule));
  if (unknown !== undefined) throw new RangeError(`there is no rule "${unknown}"`);
  if (values['write-baseline'] !== undefined && (values.reason ?? '').trim() === '') {
    throw new RangeError('--write-baseline needs --reason: why may these findings stay?');
  }
  return {
    format:
      values.output === undefined
        ? oneOf(FORMATS, values.format, '--format', otherFormats)
        : OUTPUTS[outputFormat(values.output)],
    failOn: oneOf(BARS, values['fail-on'], '--fail-on'),
    ...{ rules: values.rule ?? null, baseline: values.baseline ?? null, reason: values.reason ?? null },
    writeBaseline: values['write-baseline'] ?? null,
  };
}

function oneOf<T extends string>(
  all: readonly T[],
  value: string,
  option: string,
  others: readonly string[] = [],
): T {
  const found = all.find((one) => one === value);
  if (found !== undefined) return found;
  throw new RangeError(`${option} must be one of ${[...all, ...others].join(', ')}, not "${value}"`);
}
