import { CronExpressionParser } from 'cron-parser';

/** Five fields, or six with seconds first, or a name such as `@daily`. `H` would tick at another time each day. */
const SYNTAX = /^(@[a-z]+|([^\sH]+ ){4,5}[^\sH]+)$/;

/** True for a pattern that has a next time. */
export function isCron(cron: string): boolean {
  return SYNTAX.test(cron) && nextCron(cron, 'UTC', Date.UTC(2026, 0, 1)) !== null;
}

/**
 * The first time behind `after` that the pattern names, in milliseconds since the Unix epoch; null when it names
 * none. The parser is the one that the queue ticks by, so that both agree where clocks are changed.
 */
export function nextCron(cron: string, timeZone: string, after: number): number | null {
  try {
    const times = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(after) });
    return times.next().getTime();
  } catch {
    return null;
  }
}
