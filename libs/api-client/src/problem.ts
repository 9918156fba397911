import type { components } from './schema.js';

/** RFC 9457, as every error of the API has it. */
export type Problem = components['schemas']['Problem'];

/** The API refused a request, or failed on it. */
export class ApiProblem extends Error {
  constructor(
    readonly problem: Problem,
    /** Milliseconds after which the same may be sent again; null where that would change nothing. */
    readonly retryAfterMs: number | null,
  ) {
    super(`${problem.code}: ${problem.detail} ${problem.nextAction}`);
    this.name = 'ApiProblem';
  }

  /** Stable and dotted, such as `fleet.not-found`; docs/problems.md has all of them. */
  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}
