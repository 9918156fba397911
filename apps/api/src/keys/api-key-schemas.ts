import { z } from 'zod';
import { API_KEY_ROLES } from '#persistence';
import { listOf } from '../http/page.js';
import { id, line, timestamp } from '../http/text.js';

const role = z.enum(API_KEY_ROLES).meta({
  description:
    '`viewer` reads. `operator` reads and changes everything but what follows. `approver` reads, and approves contracts. `admin` does all of that, and makes keys and webhooks.',
});

export const NewApiKey = z
  .strictObject({
    role,
    label: line(100).meta({
      description: 'Whose it is; no other key that is good may have it.',
      examples: ['ana'],
    }),
  })
  .meta({ id: 'NewApiKey' });

export const ApiKey = z
  .object({
    id,
    role,
    label: z.string(),
    createdAt: timestamp,
    revokedAt: timestamp.nullable().meta({ description: 'Since when it opens nothing.' }),
  })
  .meta({ id: 'ApiKey', description: 'A key of this API, without its text.' });

export const CreatedApiKey = ApiKey.extend({
  key: z.string().meta({ description: 'Shown this once; only its hash is kept.' }),
}).meta({ id: 'CreatedApiKey' });

export const ApiKeys = listOf(ApiKey);
