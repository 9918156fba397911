/** One option of a command: what `node:util` parseArgs reads, and what help and completion say of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean;
  /** What stands behind it in help; `FILE` is completed with the names of files. */
  readonly takes?: string;
  readonly says?: string;
  /** The only words it takes, for help and completion; whoever reads the value checks it. */
  readonly oneOf?: readonly string[];
}

export type Options = Readonly<Record<string, Option>>;

/** For a command that is asked before it does something that cannot be undone. */
export const YES = {
  yes: { type: 'boolean', short: 'y', says: 'asks nothing; in a pipe, where nobody can be asked' },
} as const;

/** Why; it is on record. */
export const REASON = { reason: { type: 'string', takes: 'TEXT', says: 'why; it is on record' } } as const;
