import type { LoggerService } from '@nestjs/common';
import type { ApiLog } from '../api-log.js';

/** What Nest warns of, in our log. What it tells of its own start is left out. */
export class FrameworkLog implements LoggerService {
  constructor(private readonly target: ApiLog) {}

  log(): void {}

  warn(message: unknown, context?: unknown): void {
    this.target.warn(fieldsOf(message, context), textOf(message));
  }

  error(message: unknown, stack?: unknown, context?: unknown): void {
    this.target.error(fieldsOf(message, context ?? stack), textOf(message));
  }
}

function fieldsOf(message: unknown, context: unknown): object {
  return {
    ...(typeof context === 'string' ? { context } : {}),
    ...(message instanceof Error ? { error: message } : {}),
  };
}

function textOf(message: unknown): string {
  return message instanceof Error ? message.message : String(message);
}
