import { z } from 'zod';
import { PHASES, STATUSES } from '#rotation';
import { AuditEntry } from '../audit/audit-schemas.js';
import { timestamp } from '../http/text.js';

const placed = {
  sequence: z.int().meta({ description: 'Of the journal entry.' }),
  at: timestamp,
};

const asJournalled = z.record(z.string(), z.unknown());

const Step = z.object({ ...placed, effectId: z.string(), result: asJournalled }).meta({
  id: 'EvidenceStep',
  description:
    'Something that was done, and what came of it as it was journalled: `digest` of the managed files, `configDigest` of what nginx -T printed, `probes` as transcript.',
});

export const Evidence = z
  .object({
    format: z.literal('windlass-evidence/1'),
    rotationId: z.string(),
    snapshot: asJournalled.meta({
      description: 'What was fixed when it was asked for: hosts, waves, old generation, who, why.',
    }),
    requestedAt: timestamp,
    status: z.enum(STATUSES),
    ended: z.object({ status: z.string(), because: z.string(), at: timestamp }).nullable(),
    phases: z.array(z.object({ ...placed, phase: z.enum(PHASES) })),
    decisions: z.array(z.object({ ...placed, decision: asJournalled, because: z.string() })),
    wishes: z
      .array(
        z.object({
          ...placed,
          ...{ wish: z.string(), by: z.string(), because: z.string().nullable() },
          hostId: z.string().nullable(),
          digest: z.string().nullable().meta({ description: 'Of the change of trust that was approved of.' }),
        }),
      )
      .meta({
        description:
          'What somebody wanted of it: pauses (those of Windlass itself too), approvals, overrides, hosts given up.',
      }),
    fleet: z
      .array(Step)
      .meta({ description: 'At the CA, and on our own records: generations, trust diff, samples.' }),
    hosts: z.array(
      z.object({ hostId: z.string(), name: z.string(), decommissioned: z.boolean(), steps: z.array(Step) }),
    ),
    failures: z.array(
      z.object({ ...placed, effectId: z.string(), reason: asJournalled, transient: z.boolean() }),
    ),
    journal: z
      .object({ entries: z.int(), digest: z.string() })
      .meta({ description: 'SHA-256 of the journal that this was read from.' }),
    audit: AuditEntry.nullable().meta({
      description:
        'The entry of the audit chain that has the digest of the journal; null while the rotation runs, and for one that ended before there was a chain.',
    }),
  })
  .meta({
    id: 'Evidence',
    description:
      'All that the journal of a rotation proves. The same bytes for an ended rotation, each time.',
  });
