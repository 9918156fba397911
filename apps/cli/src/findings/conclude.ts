import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Baseline,
  baselineOf,
  isAtLeastAsSevere,
  type JudgedFinding,
  judge,
  type RuleFinding,
  readBaseline,
  type SarifTool,
} from '#nginx-audit';
import type { FindingOptions } from './options.js';
import { reportLines } from './report.js';

/** As in package.json; a test holds the two together. */
export const TOOL_VERSION = '0.1.0';

/** What findings were made of, as they name it. */
export interface ReadText {
  readonly path: string;
  readonly content: string;
}

/** What findings are held against. */
interface Judging {
  readonly texts: readonly ReadText[];
  readonly baseline: Baseline | null;
  readonly options: FindingOptions;
}

/** The baseline that somebody named, to be read before anything is done. Throws RangeError when it cannot be. */
export function baselineIn({ baseline }: FindingOptions): Baseline | null {
  return baseline === null ? null : readBaseline(readText(baseline));
}

/**
 * Reports findings, or writes the baseline that accepts them, and returns the exit code: 0 when nothing counts, 2 when
 * something does.
 */
export function conclude(
  findings: readonly RuleFinding[],
  { texts, baseline, options }: Judging,
  tool: Omit<SarifTool, 'version'> & { readonly canMend: boolean },
  print: (line: string) => void,
): number {
  const lines = new Map(texts.map(({ path: file, content }) => [file, content.split('\n')]));
  const lineOf = (file: string, line: number) => lines.get(file)?.[line - 1] ?? '';
  const wanted = findings.filter(({ rule }) => options.rules === null || options.rules.includes(rule));
  const judged = judge(wanted, lineOf, baseline);
  if (options.writeBaseline !== null) {
    save(options.writeBaseline, baselineOf(judged, lineOf, options.reason ?? ''));
    return 0;
  }
  for (const line of reportLines(judged, options.format, { ...tool, version: TOOL_VERSION })) print(line);
  return judged.some((finding) => counts(finding, options)) ? 2 : 0;
}

/**
 * Runs a command, and tells who gave it words that make no sense, or files that cannot be read, what is wrong: exit
 * code 1.
 */
export function withComplaints(
  name: string,
  usage: string,
  complain: (line: string) => void,
  run: () => number,
): number {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) complain(`${name}: ${error.message}`);
    else if (error instanceof TypeError) complain(`${name}: ${error.message}\n\n${usage}`);
    else throw error;
    return 1;
  }
}

/** As a person at this place would name a file. */
export function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

function counts({ accepted, severity }: JudgedFinding, { failOn }: FindingOptions): boolean {
  return accepted === null && failOn !== 'never' && isAtLeastAsSevere(severity, failOn);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RangeError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function save(file: string, baseline: Baseline): void {
  try {
    writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
  } catch (error) {
    throw new RangeError(`${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}
