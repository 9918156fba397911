import { PortError } from './ports/problem.js';

export interface TroubleLog {
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/**
 * True of what the world does to us, and what trying again gets over: a problem that a port reports, and whatever
 * network or database gave a code. Anything else is a defect of ours.
 */
export function isWorldsDoing(error: unknown): boolean {
  return error instanceof PortError || (error instanceof Error && 'code' in error);
}

/** For what is tried again by itself: a warning where the world did it, an error where a person must act (ADR 30). */
export function logTrouble(
  log: TroubleLog,
  fields: { readonly error: unknown } & Record<string, unknown>,
  message: string,
): void {
  if (isWorldsDoing(fields.error)) log.warn(fields, message);
  else log.error(fields, message);
}
