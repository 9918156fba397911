import { z } from 'zod';
import { ROLES } from '#engine';
import { isSubject } from '../access/oidc-claims.js';
import { pageOf } from '../http/page.js';
import { id, line, timestamp } from '../http/text.js';

const role = z.enum(ROLES).meta({
  description:
    '`viewer` reads. `operator` reads and changes everything but what follows. `approver` reads, and approves contracts. `admin` does all of that, and makes keys and webhooks.',
});

const fleetIds = z.array(id).min(1).max(1_000).nullable().meta({
  description:
    'The fleets that it is confined to; null: all, those to come among them, and what belongs to none, such as keys.',
});

export const NewApiKey = z
  .strictObject({
    role,
    label: line(100).meta({
      description: 'Whose it is; no other key that is not revoked may have it.',
      examples: ['ana'],
    }),
    fleetIds: fleetIds.default(null),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .default(null)
      .meta({
        description: 'From then on it opens nothing; null: never.',
        examples: ['2027-06-30T00:00:00Z'],
      }),
    subject: line(255).refine(isSubject, 'must be a subject').nullable().default(null).meta({
      description:
        '`sub` of the tokens that its holder has too: with either they are one person, who cannot approve what they asked for with the other.',
    }),
  })
  .meta({ id: 'NewApiKey' });

export const ApiKey = z
  .object({
    id,
    role,
    label: z.string(),
    fleetIds,
    person: z.string().nullable().meta({
      description: 'Who the journal names for it: issuer and subject. Null: the key itself.',
    }),
    createdAt: timestamp,
    expiresAt: timestamp.nullable(),
    lastUsedAt: timestamp.nullable().meta({ description: 'To the minute.' }),
    revokedAt: timestamp.nullable().meta({ description: 'Since when it opens nothing.' }),
  })
  .meta({ id: 'ApiKey', description: 'A key of this API, without its text.' });

export const CreatedApiKey = ApiKey.extend({
  key: z.string().meta({ description: 'Shown this once; only its hash is kept.' }),
}).meta({ id: 'CreatedApiKey' });

export const ApiKeyPage = pageOf(ApiKey);
