import { type AuditOptions, auditConfig } from './audit.js';
import type { DumpedFile } from './directive.js';
import { applyEdits } from './edits.js';
import type { RuleFinding } from './finding.js';
import { parseIncludeTree, sourceOf } from './include-tree.js';
import type { Edit } from './rule.js';

export interface FixedConfig {
  /** All files, the main one first, changed or not. */
  readonly files: readonly DumpedFile[];
  /** What was mended, in the order it was done. */
  readonly fixed: readonly RuleFinding[];
  /** What is left, suppressed findings included. */
  readonly left: readonly RuleFinding[];
}

/** Fixes call for others (a default server that is put in front brings its own settings), but not for many. */
const MAX_ROUNDS = 20;

/**
 * Makes every fix there is, round after round, until none is left: what it returns is not changed by doing it
 * again. What no fix speaks of is kept byte for byte. `wanted` chooses among the findings that have a fix.
 */
export function fixConfig(
  main: string,
  files: readonly DumpedFile[],
  options: AuditOptions = {},
  wanted: (finding: RuleFinding) => boolean = () => true,
): FixedConfig {
  let current = files;
  let fixed: readonly RuleFinding[] = [];
  for (let round = 0; ; round += 1) {
    const left = auditConfig(parseIncludeTree(main, sourceOf(current)), options);
    const chosen = compatible(
      left.filter((one) => one.suppressed === null && one.fix !== null && wanted(one)),
    );
    const next = applyEdits(current, chosen.edits);
    const isSame = next.every(({ content }, i) => content === current[i]?.content);
    if (isSame || round >= MAX_ROUNDS) return { files: current, fixed, left };
    fixed = fixed.concat(chosen.findings);
    current = next;
  }
}

/** The findings whose fixes can be made at once: whole ones, none of which touches what another one changes. */
function compatible(findings: readonly RuleFinding[]): { findings: RuleFinding[]; edits: Edit[] } {
  const taken = new TakenPlaces();
  const chosen = findings.filter(({ fix }) => taken.take(fix?.edits ?? []));
  return { findings: chosen, edits: taken.edits };
}

/** Offsets that share a drawer; edits are looked for in the drawers they touch only. */
const DRAWER = 512;

class TakenPlaces {
  readonly edits: Edit[] = [];
  readonly #drawers = new Map<string, Edit[]>();

  /** False, and nothing taken, when one of them touches what was taken before. One that is there already is fine. */
  take(edits: readonly Edit[]): boolean {
    const own = edits.filter((edit) => !this.#near(edit).some((one) => isSameEdit(one, edit)));
    if (own.some((edit) => this.#near(edit).some((one) => overlaps(one, edit)))) return false;
    for (const edit of own) {
      this.edits.push(edit);
      for (const key of drawersOf(edit)) {
        const drawer = this.#drawers.get(key);
        if (drawer === undefined) this.#drawers.set(key, [edit]);
        else drawer.push(edit);
      }
    }
    return true;
  }

  #near(edit: Edit): Edit[] {
    return drawersOf(edit).flatMap((key) => this.#drawers.get(key) ?? []);
  }
}

function drawersOf({ file, start, end }: Edit): string[] {
  const first = Math.floor(start / DRAWER);
  const last = Math.floor(end / DRAWER);
  return Array.from({ length: last - first + 1 }, (_, i) => `${first + i} ${file}`);
}

function isSameEdit(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Two insertions at one place are made one behind the other. */
function overlaps(a: Edit, b: Edit): boolean {
  if (a.start === a.end && b.start === b.end) return false;
  return (a.start < b.end && b.start < a.end) || a.start === b.start;
}
