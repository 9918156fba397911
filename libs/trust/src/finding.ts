/**
 * What a check found, in the shape of the engine's `Problem` plus a severity: a stable code for programs, a
 * sentence that names the certificate and its place, and the next step for a person. Never holds key material.
 */
export interface Finding {
  /** Stable and dotted, such as `anchor.expired`. */
  readonly code: string;
  /** `error`: the bundle must not reach a host. `warning`: it works, and a person should know. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly nextStep: string;
}

/** Where a PEM block starts in the text it came from. */
export interface Position {
  /** Number of the PEM block in the text, 1 for the first; blocks of every kind count. */
  readonly index: number;
  /** Line of its `-----BEGIN` marker, 1 for the first. */
  readonly line: number;
}

export function error(code: string, message: string, nextStep: string): Finding {
  return { code, severity: 'error', message, nextStep };
}

/** A moment in milliseconds since the epoch, as people read it. */
export function utc(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
