/**
 * What went wrong, in the form every port reports it: a stable code for programs, a sentence for people, the
 * thing at fault, and the next step. Shown unchanged in the journal, the API and the terminal, so it must
 * never hold a secret.
 */
export interface Problem {
  /** Stable and dotted, such as `host.key-changed`. */
  readonly code: string;
  /** One sentence that names the thing: a host, a certificate, a path, a field. */
  readonly message: string;
  /** What a person can do about it now. */
  readonly nextStep: string;
  /** What a tool said, already free of secrets: nginx's emerg line, Vault's error text. */
  readonly detail?: string;
}

/** The only error type that adapters throw on purpose. Anything else is a defect of ours. */
export class PortError extends Error {
  constructor(
    readonly problem: Problem,
    options?: {
      cause?: unknown /** Trying again later may help without anybody's doing. */;
      transient?: boolean;
    },
  ) {
    super(problem.message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PortError';
    this.transient = options?.transient ?? false;
  }

  readonly transient: boolean;
}
