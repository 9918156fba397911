import type { Desk } from './desk.js';
import type { Options } from './option.js';

/** Where a command stands in the overview. */
export const SECTIONS = {
  rotations: 'Rotations',
  fleets: 'Fleets and their hosts',
  installation: 'The installation',
  local: 'On this machine, without an API',
} as const;

/** One row of the table that the program, its help and its completion are made from. */
export interface Command {
  /** How it is called, such as `host add`. */
  readonly words: string;
  /** Other words for the same. */
  readonly aliases: readonly string[];
  readonly section: keyof typeof SECTIONS;
  /** What stands behind the words: `FLEET`, or `[FLEET]` where it may be left out. */
  readonly operands: readonly string[];
  /** One line. */
  readonly says: string;
  /** What its help says beyond; empty where nothing. */
  readonly about: string;
  readonly examples: readonly string[];
  /** Loaded when they are asked for: those of some commands take long. */
  readonly options: () => Promise<Options>;
  /** Returns the exit code. `args`: what stands behind the words of the command. */
  readonly run: (args: readonly string[], desk: Desk) => Promise<number>;
}
