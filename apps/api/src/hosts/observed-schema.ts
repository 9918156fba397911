import { z } from 'zod';
import { timestamp } from '../http/text.js';

export const hostState = z
  .enum(['in-sync', 'drifted', 'unknown'])
  .meta({ description: 'unknown: it could not be asked.' });

/** What a look at a host finds. */
export const lookedAt = {
  files: z.array(
    z.object({
      path: z.string(),
      digest: z.string().nullable().meta({ description: 'Hex SHA-256; null where it cannot be read.' }),
    }),
  ),
  listeners: z.array(
    z.object({
      listener: z.string(),
      serves: z.boolean().nullable().meta({
        description: 'Whether it shows the marker of the generation; null where that cannot be told.',
      }),
    }),
  ),
  problems: z.array(z.object({ code: z.string(), message: z.string(), nextStep: z.string() })),
};

export const ObservedHost = z
  .object({
    at: timestamp.meta({ description: 'When it was looked at.' }),
    seenAt: timestamp.nullable().meta({
      description: 'When it last answered; null: it never did. Files and listeners are of then.',
    }),
    state: z.enum(['in-sync', 'drifted', 'unknown']).meta({
      description:
        'unknown: it could not be asked, or the fleet serves another generation since it was looked at.',
    }),
    generation: z.int().nullable().meta({
      description: 'Number of the generation of the fleet that its files held; null: none, or several.',
    }),
    expiresAt: timestamp.nullable().meta({
      description: 'When the first anchor of that generation ends; null where it is not known.',
    }),
    ...lookedAt,
  })
  .meta({ id: 'ObservedHost', description: 'What was last seen of a host.' });
