import { getNextMillis } from 'bullmq';
import { z } from 'zod';
import { listOf } from '../http/page.js';
import { id, timestamp } from '../http/text.js';

/** Five fields, or six with seconds first, or a name such as `@daily`. `H` would tick at another time each day. */
const CRON_SYNTAX = /^(@[a-z]+|([^\sH]+ ){4,5}[^\sH]+)$/;

const cron = z
  .string()
  .max(200)
  .refine(
    (text) => CRON_SYNTAX.test(text) && ticks(text),
    'must be a cron pattern that has a next time, such as "0 4 * * *"',
  )
  .meta({ description: 'When to look whether a rotation is due.', examples: ['0 4 * * *'] });

const timeZone = z
  .string()
  .max(100)
  .refine(isTimeZone, 'must be an IANA time zone, such as "Europe/Berlin" or "UTC"')
  .meta({ examples: ['Europe/Berlin'] });

export const NewSchedule = z
  .strictObject({
    rotateWhenDaysLeft: z.int().min(0).max(3_650).meta({
      description: 'A rotation starts at the first tick with at most this many days left of the CA.',
    }),
    cron,
    timeZone: timeZone.default('UTC'),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'NewSchedule' });

export const Schedule = z
  .object({
    id,
    fleetId: id,
    rotateWhenDaysLeft: z.int(),
    cron: z.string(),
    timeZone: z.string(),
    enabled: z.boolean(),
    lastTickAt: timestamp.nullable(),
    lastOutcome: z.string().nullable().meta({ description: 'What the last tick found.' }),
    createdAt: timestamp,
  })
  .meta({ id: 'Schedule' });

export const Schedules = listOf(Schedule);

/** Asks the very function by which the queue will find its next tick. */
function ticks(pattern: string): boolean {
  try {
    return typeof getNextMillis(Date.now(), { pattern, tz: 'UTC' }) === 'number';
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  // Newer engines take offsets such as +02:00 as well, which know no daylight saving time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
