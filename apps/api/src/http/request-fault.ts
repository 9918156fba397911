import type { FieldFault, Finding } from './problem.js';
import type { ProblemCode } from './problem-kinds.js';

/** A request that cannot be served, in the words of its reply. It must never quote what was sent. */
export class RequestFault extends Error {
  constructor(
    readonly code: ProblemCode,
    /** One sentence that names the thing at fault. */
    readonly detail: string,
    readonly nextAction: string,
    readonly more: {
      readonly errors?: readonly FieldFault[];
      readonly findings?: readonly Finding[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
    this.name = 'RequestFault';
  }
}
