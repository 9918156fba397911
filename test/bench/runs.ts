import type { Cost } from './cpu.js';

/** One run of one tool. */
export interface Run {
  readonly tool: string;
  readonly cost: Cost;
  /** The most bytes that the orchestrator had at once. */
  readonly memory: number;
  /** Seconds from the first to the last host switched; only Windlass can tell. */
  readonly skew: number | null;
}
