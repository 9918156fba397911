import { PortError } from '#engine';
import { redactText } from './redaction.js';

/** The last words of a process that could not start: what is wrong, and what to do about it. No secrets. */
export function describeStartFailure(error: unknown): string {
  if (error instanceof PortError) {
    const { message, nextStep, detail } = error.problem;
    return redactText(`${message}\n${detail ? `${detail}\n` : ''}Next: ${nextStep}\n`);
  }
  return `${redactText(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`;
}
