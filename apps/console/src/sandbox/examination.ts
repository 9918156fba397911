import type { RuleTexts, Severity } from '#nginx-audit';

/** What a text is read as. */
export type TextKind = 'nginx' | 'kubernetes';

/** What is asked of the worker. */
export interface Question {
  readonly text: string;
  /** Null: as it looks. */
  readonly kind: TextKind | null;
  /** What `nginx -v` prints; null: not said. */
  readonly version: string | null;
  /** CAs between the root and clients; null: not said. */
  readonly clientDepth: number | null;
  /** Keys of the findings that are not to be mended. */
  readonly declined: readonly string[];
}

export interface ShownFinding {
  /** Its rule and message: the same while lines move. */
  readonly key: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Offsets in the text as it was pasted; null for a place outside of it. */
  readonly range: { readonly from: number; readonly to: number } | null;
  /** What its fix does; null: there is none. */
  readonly fix: string | null;
  /** Why a comment accepts it; null: it counts. */
  readonly accepted: string | null;
}

export interface Examination {
  readonly kind: TextKind;
  /** In the order of the text; of very many the first {@link MOST_SHOWN}. */
  readonly findings: readonly ShownFinding[];
  /** What the rules that found something are told by, by their ids. */
  readonly rules: Readonly<Record<string, RuleTexts>>;
  /** Of all that count, shown or not. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** It was too large to be mended here. */
  readonly isTooLarge: boolean;
  /** The text with the chosen fixes made; null where nothing is mended. */
  readonly corrected: string | null;
  /** How many findings those fixes mend, and how many are left that count. */
  readonly mended: number;
  readonly left: number;
}

/** More than anybody reads, and few enough to draw. */
export const MOST_SHOWN = 500;

/** Characters: a larger text is audited, and mended by the command alone. */
export const MOST_MENDED = 1_000_000;
