import { type DestinationStream, type LogFn, type Logger, type LoggerOptions, pino } from 'pino';
import type { LogLevel } from './config.js';
import { logFieldsHere } from './log-fields.js';
import { describeError, redact } from './redaction.js';

export type { Logger } from 'pino';

/**
 * JSON lines on standard output, or on `destination`. Everything passes through redaction, the message too:
 * a secret that slipped into a field or an error is not printed. A line says by itself which request, rotation and
 * trace it belongs to.
 */
export function createLogger(name: string, level: LogLevel, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    name,
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // Redaction has described errors already; pino's own serializer would walk them again.
    serializers: { err: (error: unknown) => error },
    mixin: () => redact(logFieldsHere()) as object,
    hooks: { logMethod: writeRedacted },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function writeRedacted(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, ...rest]: readonly unknown[] = args;
  if (first instanceof Error) {
    const err = describeError(first);
    Reflect.apply(method, this, [
      { err },
      ...(rest.length === 0 ? [err.message] : rest.map((part) => redact(part))),
    ]);
    return;
  }
  Reflect.apply(method, this, [redact(first), ...rest.map((part) => redact(part))]);
}
