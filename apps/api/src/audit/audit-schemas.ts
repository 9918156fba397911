import { z } from 'zod';
import { AUDIT_OUTCOMES, AUDIT_STAGES } from '#audit-chain';
import { pageOf, pageQuery } from '../http/page.js';
import { id, line, timestamp } from '../http/text.js';

const moment = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-29T12:00:00Z' })
  .transform((text) => new Date(text));

const filters = {
  actor: line(200)
    .optional()
    .meta({ description: 'Who, such as `api-key:<id>`, `schedule:<id>` or `windlass`.' }),
  operation: line(100).optional().meta({ description: 'Such as `pauseRotation`.' }),
  subject: line(200)
    .optional()
    .meta({ description: 'On what, such as `fleet:<id>`; all that was done to a fleet has it.' }),
  from: moment.optional().meta({ description: 'Not before this time.' }),
  until: moment.optional().meta({ description: 'Before this time.' }),
};

export const AuditFilterQuery = z.strictObject(filters);
export const AuditQuery = z.strictObject({ ...pageQuery, ...filters });

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const AuditEntry = z
  .object({
    number: z.int().meta({ description: '1, 2, 3, ... without gaps.' }),
    id,
    at: timestamp,
    stage: z.enum(AUDIT_STAGES).meta({
      description:
        '`intent`: before a request takes effect. `outcome`: how it ended; `details.intent` is the number of its intent. `event`: what Windlass did by itself.',
    }),
    actor: z.string(),
    actorLabel: z.string().nullable(),
    actorRole: z.string().nullable(),
    operation: z
      .string()
      .meta({ description: 'The operationId of the route, or what Windlass did by itself.' }),
    subjects: z.array(z.string()),
    requestId: z.string().nullable().meta({ description: 'As in X-Request-Id and in the log.' }),
    reason: z.string().nullable(),
    address: z
      .string()
      .nullable()
      .meta({ description: 'Where the request came from, as the server saw it.' }),
    outcome: z.enum(AUDIT_OUTCOMES).nullable().meta({ description: 'Null for an intent.' }),
    details: z.record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
    ),
    previousHash: hash.meta({ description: 'Hash of the entry before; zeros for the first.' }),
    hash: hash.meta({ description: 'Hex SHA-256 of the entry without this field, as RFC 8785 writes it.' }),
  })
  .meta({ id: 'AuditEntry', description: 'One link of the audit chain.' });

export const AuditPage = pageOf(AuditEntry);

export const AuditHead = z
  .object({
    count: z.int().meta({ description: 'How many entries there are.' }),
    hash: hash.meta({ description: 'Hash of the last.' }),
  })
  .meta({ id: 'AuditHead', description: 'Where the audit chain ends. Keep it elsewhere.' });
