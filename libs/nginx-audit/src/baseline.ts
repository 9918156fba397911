import type { RuleFinding } from './finding.js';

/**
 * A finding that was there when somebody decided to look at new ones only. It is told by its rule, its file and the
 * text of its line, so that lines that move keep it, and lines that change lose it.
 */
export interface BaselineEntry {
  readonly rule: string;
  readonly file: string;
  readonly text: string;
  /** Why it may stay. */
  readonly reason: string;
}

export interface Baseline {
  readonly version: 1;
  readonly findings: readonly BaselineEntry[];
}

/** Why a finding does not count. */
export interface Acceptance {
  readonly by: 'comment' | 'baseline';
  readonly reason: string;
}

export interface JudgedFinding extends RuleFinding {
  readonly accepted: Acceptance | null;
  /** Stays the same while the line does: for tools that compare runs. */
  readonly fingerprint: string;
}

/** Text of one line of a file, as the audit read it. */
export type LineOf = (file: string, line: number) => string;

/** Tells findings that count from those that somebody accepted. Each entry accepts one finding. */
export function judge(
  findings: readonly RuleFinding[],
  lineOf: LineOf,
  baseline: Baseline | null,
): JudgedFinding[] {
  const allowed = new Map<string, BaselineEntry[]>();
  for (const entry of baseline?.findings ?? []) {
    const key = keyOf(entry);
    allowed.set(key, [...(allowed.get(key) ?? []), entry]);
  }
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = keyOf({ ...finding, text: lineOf(finding.file, finding.line).trim() });
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    const accepted =
      finding.suppressed === null ? fromBaseline(allowed.get(key)) : fromComment(finding.suppressed);
    return { ...finding, accepted, fingerprint: `${key}/${count}` };
  });
}

function fromComment(reason: string): Acceptance {
  return { by: 'comment', reason };
}

function fromBaseline(entries: BaselineEntry[] | undefined): Acceptance | null {
  const entry = entries?.shift();
  return entry === undefined ? null : { by: 'baseline', reason: entry.reason };
}

/** A baseline that accepts all of these, for one reason. */
export function baselineOf(findings: readonly JudgedFinding[], lineOf: LineOf, reason: string): Baseline {
  return {
    version: 1,
    findings: findings
      .filter(({ accepted }) => accepted?.by !== 'comment')
      .map(({ rule, file, line, accepted }) => ({
        ...{ rule, file, text: lineOf(file, line).trim(), reason: accepted?.reason ?? reason },
      })),
  };
}

/** Throws RangeError with what is wrong. */
export function readBaseline(text: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError('the baseline is no JSON');
  }
  const { version, findings } = (value ?? {}) as Partial<Baseline>;
  if (version !== 1 || !Array.isArray(findings)) throw new RangeError('the baseline is none of version 1');
  for (const [index, entry] of findings.entries()) {
    for (const key of ['rule', 'file', 'text', 'reason'] as const) {
      if (typeof entry?.[key] !== 'string')
        throw new RangeError(`finding ${index + 1} of the baseline has no ${key}`);
    }
    if (entry.reason.trim() === '')
      throw new RangeError(`finding ${index + 1} of the baseline gives no reason`);
  }
  return { version, findings };
}

function keyOf({ rule, file, text }: Pick<BaselineEntry, 'rule' | 'file' | 'text'>): string {
  return `${rule}/${file}/${text}`;
}
