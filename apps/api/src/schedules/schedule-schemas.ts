import { z } from 'zod';
import { SCHEDULE_KINDS } from '#engine';
import { DAYS, isCron, isTimeZone, lengthOf } from '#schedule';
import { pageOf } from '../http/page.js';
import { id, timestamp } from '../http/text.js';
import { Reason } from '../rotations/rotation-schemas.js';

const cron = z
  .string()
  .max(200)
  .refine(isCron, 'must be a cron pattern that has a next time, such as "0 4 * * *"')
  .meta({ description: 'When to look whether something is to be done.', examples: ['0 4 * * *'] });

const timeZone = z
  .string()
  .max(100)
  .refine(isTimeZone, 'must be an IANA time zone, such as "Europe/Berlin" or "UTC"')
  .meta({ description: 'For the cron pattern and the windows.', examples: ['Europe/Berlin'] });

const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]';
const from = z.string().regex(new RegExp(`^${TIME}$`), 'must be a time of day, such as "22:00"');
const to = z
  .string()
  .regex(new RegExp(`^(${TIME}|24:00)$`), 'must be a time of day, such as "04:00" or "24:00"');

export const Window = z
  .strictObject({
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .max(DAYS.length)
      .refine((days) => new Set(days).size === days.length, 'must name no day twice')
      .default([...DAYS])
      .meta({ description: 'On which it begins.' }),
    from,
    to: to.meta({ description: 'Not in it. Not behind `from`: on the day after.' }),
  })
  .refine((window) => lengthOf(window) > 0, {
    message: 'must have a length: "from" and "to" are the same; a whole day is from "00:00" to "24:00"',
    path: ['to'],
  })
  .meta({ id: 'MaintenanceWindow', description: 'Open while the clock on the wall shows a time in it.' });

const rotateWhenDaysLeft = z.int().min(0).max(3_650).meta({
  description: 'It rotates with at most this many whole days left of the CA; 0 is its last day.',
});
const rotateWhenHoursLeft = z.int().min(1).max(87_600).meta({
  description: 'It rotates with at most this many hours left of the CA.',
});
const rotateAtLifetimePercent = z.int().min(1).max(99).meta({
  description: 'It rotates when so much of the lifetime of the CA is over.',
});
const rotateEachTime = z.literal(true).meta({
  description: 'It rotates at each time of the pattern, however long the CA lives.',
});
const windows = z.array(Window).max(50).meta({
  description: 'Only in these does it start something; none: at any time.',
});
const jitterSeconds = z.int().min(0).max(86_400).meta({
  description: 'Each tick comes up to so much later, by a delay of its own, and never out of a window.',
});

const repair = z.boolean().meta({
  description:
    'For a schedule that looks for drift: it is put right with a rotation of the strategy `sync`, in a window.',
});

/** What people may set; those of {@link RULES} exclude each other. */
const settings = {
  rotateWhenDaysLeft: rotateWhenDaysLeft.nullable().optional(),
  rotateWhenHoursLeft: rotateWhenHoursLeft.nullable().optional(),
  rotateAtLifetimePercent: rotateAtLifetimePercent.nullable().optional(),
  rotateEachTime: z.union([rotateEachTime, z.literal(false)]).optional(),
};

export const NewSchedule = z
  .strictObject({
    kind: z.enum(SCHEDULE_KINDS).default('rotate').meta({
      description:
        'rotate: replaces the CA. drift: looks whether each host is as recorded, and puts it right with `repair`. refresh: brings the CRLs of now; the rules then count the life of the CRL that ends first.',
    }),
    ...settings,
    cron,
    timeZone: timeZone.default('UTC'),
    windows: windows.default([]),
    jitterSeconds: jitterSeconds.default(0),
    repair: repair.default(false),
    enabled: z.boolean().default(true),
  })
  .meta({
    id: 'NewSchedule',
    description:
      'A schedule that rotates or refreshes has one of rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent and rotateEachTime; one that looks for drift has none.',
  });

export const ScheduleChange = z
  .strictObject({
    ...settings,
    cron: cron.optional(),
    timeZone: timeZone.optional(),
    windows: windows.optional(),
    jitterSeconds: jitterSeconds.optional(),
    repair: repair.optional(),
    enabled: z.boolean().optional(),
  })
  .meta({
    id: 'ScheduleChange',
    description: 'What is left out stays. Another rule takes the place of the one before.',
  });

const HostOutOfSync = z.object({
  hostId: id,
  host: z.string(),
  state: z.enum(['drifted', 'unknown']).meta({ description: 'unknown: it could not be asked.' }),
  problems: z.array(Reason),
});

const schedule = {
  id,
  fleetId: id,
  kind: z.enum(SCHEDULE_KINDS),
  rotateWhenDaysLeft: z.int().nullable(),
  rotateWhenHoursLeft: z.int().nullable(),
  rotateAtLifetimePercent: z.int().nullable(),
  rotateEachTime: z.boolean(),
  cron: z.string(),
  timeZone: z.string(),
  windows: z.array(z.object({ days: z.array(z.enum(DAYS)), from: z.string(), to: z.string() })),
  jitterSeconds: z.int(),
  repair: z.boolean(),
  enabled: z.boolean(),
  nextTickAt: timestamp.nullable().meta({ description: 'When it looks next; null while disabled.' }),
  lastTickAt: timestamp.nullable(),
  lastOutcome: z.string().nullable().meta({ description: 'What the last tick found.' }),
  lastDrift: z
    .object({
      ...{ at: timestamp, inSync: z.boolean(), generation: z.int(), hosts: z.int() },
      out: z.array(HostOutOfSync).meta({ description: 'The hosts that are not in sync.' }),
    })
    .nullable()
    .meta({ description: 'What the last look for drift found.' }),
  suspended: z
    .object({ since: timestamp, rotationId: id, reason: Reason })
    .nullable()
    .meta({ description: 'Why it starts nothing more by itself.' }),
  resumed: z
    .object({ at: timestamp, by: z.string(), reason: z.string() })
    .nullable()
    .meta({ description: 'Who let it go on the last time.' }),
  createdAt: timestamp,
};

export const Schedule = z.object(schedule).meta({ id: 'Schedule' });

export const PreviewedSchedule = z
  .object({
    ...schedule,
    dueAt: timestamp.nullable().meta({
      description: 'When the CA is due; null where its age is no matter, or the CA cannot be asked.',
    }),
    nextWindow: z
      .object({ from: timestamp, until: timestamp })
      .nullable()
      .meta({ description: 'The window that is open, else the next one.' }),
    explanation: z.string().meta({ description: 'What it will do, and when.' }),
  })
  .meta({ id: 'PreviewedSchedule' });

export const SchedulePage = pageOf(Schedule);

export const NamedSchedule = z
  .object({ ...schedule, fleetName: z.string() })
  .meta({ id: 'NamedSchedule', description: 'A schedule with the name of its fleet.' });

export const NamedSchedulePage = pageOf(NamedSchedule);
