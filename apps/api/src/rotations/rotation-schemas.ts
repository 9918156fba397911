import { z } from 'zod';
import { type HostStep, PHASES, type Decision as RotationDecision, STATUSES, STRATEGIES } from '#rotation';
import { MOST_BUNDLE_CHARACTERS } from '../fleets/fleet-schemas.js';
import { pageOf, pageQuery } from '../http/page.js';
import { id, line, storableText, timestamp } from '../http/text.js';
import { fitsStrategy } from './fits-strategy.js';

const anchors = z
  .array(z.string().regex(/^([0-9A-Fa-f]{2}:?){4,64}$/, 'must be hex'))
  .min(1)
  .max(100);

export const NewRotation = z
  .strictObject({
    fleetId: id,
    together: z.array(id).max(100).default([]).meta({
      description:
        'The further fleets that trust the same issuing CA. It switches for all of them, so all must be named.',
    }),
    strategy: z.enum(STRATEGIES).default('overlap').meta({
      description:
        '`overlap`: to a new CA, old and new trusted meanwhile. `replace`: to `bundlePem` in one switch. `distrust`: without `anchors`, at once on every host that can be reached, and for good. `sync`: every host to the bundle that is recorded. `rehearse`: a fire drill with a canary CA. `refresh`: the CRLs of now, for a fleet that checks revocation.',
    }),
    bundlePem: storableText(MOST_BUNDLE_CHARACTERS).optional().meta({
      description: 'For `replace`: every CA certificate that is trusted then.',
    }),
    retrust: anchors
      .optional()
      .meta({ description: 'For `replace`: distrusted anchors that are to come back.' }),
    anchors: anchors.optional().meta({
      description:
        'For `distrust`: subject key identifiers of the anchors that go, in hex; the SHA-256 of one that has none.',
    }),
    reason: z
      .union([z.literal(''), line(500)])
      .default('')
      .meta({ description: 'Why, for those who read it later.' }),
  })
  .superRefine(fitsStrategy)
  .meta({ id: 'NewRotation' });

export const StatedReason = z
  .strictObject({ reason: line(500).meta({ examples: ['the change window is over'] }) })
  .meta({ id: 'StatedReason', description: 'Why, for those who read it later.' });

export const Approve = z
  .strictObject({
    trustDiffDigest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
      .meta({ description: '`generations.trustDiffDigest` of the rotation, as it was looked at.' }),
  })
  .meta({ id: 'Approve', description: 'Of what somebody approves.' });

const status = z.enum(STATUSES);

export const RotationQuery = z.strictObject({
  ...pageQuery,
  fleetId: z.string().max(100).optional().meta({ description: 'Only those of one fleet.' }),
  status: z
    .union([status, z.array(status).max(STATUSES.length)])
    .optional()
    .meta({ description: 'Only those; may be given several times.' }),
  strategy: z
    .union([z.enum(STRATEGIES), z.array(z.enum(STRATEGIES)).max(STRATEGIES.length)])
    .optional()
    .meta({ description: 'Only those; may be given several times.' }),
});

/** Entries of a journal as they are listed, and where each page begins. */
export const HistoryQuery = z.strictObject({
  limit: pageQuery.limit,
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'must be the nextCursor of the page before')
    .optional()
    .meta({ description: '`nextCursor` of the page before; left out for the first.' }),
  fields: z
    .enum(['summary', 'all'])
    .default('summary')
    .meta({ description: '`summary`: what happened when. `all`: with everything that was recorded of it.' }),
});

export const HistoryPage = pageOf(
  z
    .object({
      sequence: z.int().meta({ description: 'Its place in the journal: 1, 2, 3, ...' }),
      at: timestamp,
      type: z.string().meta({ examples: ['decision.made'] }),
      event: z
        .record(z.string(), z.unknown())
        .optional()
        .meta({ description: 'What was recorded, without secrets; with `fields=all`.' }),
    })
    .meta({ id: 'HistoryEntry', description: 'One entry of the journal of a rotation.' }),
);

/** How a rotation is read. `wait` is at most as long as a proxy in between keeps a request that is silent. */
export const ReadQuery = z.strictObject({
  hosts: z.enum(['all', 'failing', 'none']).default('all').meta({
    description:
      'Which of its hosts are in `hosts`: `failing` are those that have a reason. A large fleet has many.',
  }),
  wait: z
    .string()
    .regex(/^([1-9]|[1-5][0-9]|60)s$/, 'must be 1s to 60s')
    .optional()
    .meta({
      description:
        'With If-None-Match: how long to wait for another revision; without it nothing is waited for.',
      examples: ['30s'],
    }),
});

export const Reason = z
  .object({ code: z.string(), message: z.string(), nextStep: z.string(), detail: z.string().optional() })
  .meta({ id: 'Reason', description: 'What is wrong, and what a person can do about it now.' });

export const GenerationRef = z
  .object({ id, number: z.int(), digest: z.string(), marker: z.string().nullable() })
  .meta({ id: 'GenerationRef' });

/** Written out as objects, so that the compiler misses what the library has and we have not. */
const DECISIONS = {
  ...({ go: 'go', refuse: 'refuse', keep: 'keep', revert: 'revert' } as const),
  ...({ activate: 'activate', contract: 'contract' } as const),
} as const satisfies { readonly [Kind in RotationDecision['kind']]: Kind };

const Decision = z
  .object({
    kind: z.enum(DECISIONS),
    transition: z.enum(['expand', 'refresh', 'contract']).optional(),
    attempt: z.int(),
    wave: z.int().optional().meta({ description: '0 is the canary wave.' }),
    because: z.string(),
    at: timestamp,
  })
  .meta({ id: 'Decision', description: 'Written once, before its first effect.' });

const STEPS = {
  ...({ waiting: 'waiting', inspected: 'inspected', staged: 'staged', committed: 'committed' } as const),
  ...({ proven: 'proven', confirmed: 'confirmed', restored: 'restored', reverted: 'reverted' } as const),
  ...({ decommissioned: 'decommissioned', unknown: 'unknown' } as const),
} as const satisfies { readonly [Step in HostStep]: Step };

const RotationHost = z
  .object({
    hostId: id,
    fleetId: id,
    name: z.string(),
    wave: z.int().meta({ description: '0 is the canary wave.' }),
    batch: z.int().meta({ description: 'Hosts of one batch are driven by one worker at a time.' }),
    step: z.enum(STEPS),
    serving: z.enum(['old', 'overlap', 'new', 'unknown']).meta({
      description: 'What it was last observed on; unknown while a switch is under way or was lost.',
    }),
    digest: z.string().nullable(),
    since: timestamp,
    reason: Reason.nullable().meta({ description: 'What is wrong with it now.' }),
    probes: z.array(z.string()).meta({ description: 'The transcript of the last proof.' }),
  })
  .meta({ id: 'RotationHost' });

const Pause = z
  .object({
    by: z.string(),
    since: timestamp,
    reason: Reason,
    effective: z.boolean().meta({
      description: 'False while a switch of the fleet is still carried to its end.',
    }),
  })
  .meta({ id: 'Pause' });

const Gate = z
  .object({
    open: z.boolean().nullable().meta({ description: 'Null before it was judged.' }),
    because: z
      .string()
      .nullable()
      .meta({ examples: ['2 clients may still use CN=Old: CN=pos, CN=app'] }),
    opensAt: timestamp.nullable().meta({ description: 'When it opens by itself if nothing changes.' }),
    judgedAt: timestamp.nullable(),
    users: z
      .array(
        z.object({
          ...{ name: z.string(), serial: z.string() },
          until: timestamp.nullable().meta({ description: 'When its certificate ends, as the CA has it.' }),
          lastSeen: timestamp.nullable().meta({ description: 'When a host saw it last.' }),
        }),
      )
      .meta({ description: 'Who may still need the old CA, the first of them.' }),
    count: z.int().meta({ description: 'How many may still need it: certificates, or clients seen.' }),
    override: z.object({ by: z.string(), at: timestamp, because: z.string() }).nullable(),
  })
  .meta({ id: 'Gate', description: 'What keeps the old CA until nobody needs it.' });

const RotationApproval = z
  .object({
    awaited: z.boolean().meta({ description: 'A second person may approve now; nothing is dropped before.' }),
    given: z
      .object({
        ...{ by: z.string(), at: timestamp, trustDiffDigest: z.string() },
        counts: z.boolean().meta({ description: 'False once the change of trust is another one.' }),
      })
      .nullable(),
  })
  .meta({ id: 'RotationApproval', description: 'What a second person says to the contract.' });

const DecommissionedHost = z
  .object({ hostId: id, host: z.string(), by: z.string(), because: z.string(), at: timestamp })
  .meta({
    id: 'DecommissionedHost',
    description: 'A host that a person gave up: what it serves is unknown.',
  });

const Generations = z
  .object({
    old: GenerationRef,
    overlap: GenerationRef.nullable(),
    new: GenerationRef.nullable(),
    trustDiff: z
      .string()
      .nullable()
      .meta({
        examples: [
          '+1 -1 anchors: added CN=new; removed CN=old; samples: 12 accepted, 1 will be refused: pos',
        ],
      }),
    trustDiffDigest: z.string().nullable().meta({
      description:
        'Hex SHA-256 of all that is shown of the change, of all fleets of the rotation together: what an approval is bound to.',
    }),
    verifiedBy: z
      .array(z.string())
      .nullable()
      .meta({
        description: 'Whose OpenSSL judged the samples: that of a host with the settings of each kind.',
        examples: [['OpenSSL 3.0.17 1 Jul 2025 of edge-1']],
      }),
  })
  .meta({ id: 'Generations', description: 'The bundles of one fleet before, during and after.' });

const summary = {
  id,
  fleetId: id,
  status,
  phase: z.enum(PHASES),
  version: z.int().meta({ description: 'Sequence of the newest journal entry.' }),
  createdAt: timestamp,
  updatedAt: timestamp,
  endedAt: timestamp.nullable(),
};

export const RotationSummary = z.object(summary).meta({ id: 'RotationSummary' });

export const Rotation = z
  .object({
    ...summary,
    revision: z.int().meta({
      description: 'Changes with each decision, command and phase, and not with mere work; also the ETag.',
    }),
    fleetName: z.string(),
    strategy: z.enum(STRATEGIES),
    phaseSince: timestamp,
    requestedBy: z.string(),
    reason: z.string(),
    explanation: z
      .string()
      .meta({ description: 'What happens, why, on which host, since when, what to do.' }),
    decisions: z.array(Decision),
    blocks: z.array(
      z.object({ hostId: id.nullable(), host: z.string().nullable(), since: timestamp, reason: Reason }),
    ),
    paused: Pause.nullable(),
    gate: Gate.nullable().meta({
      description: 'Null where the fleet drops the old CA when the soak is over.',
    }),
    approval: RotationApproval.nullable().meta({ description: 'Null where the fleet asks for nobody.' }),
    abort: z.object({ by: z.string(), at: timestamp, because: z.string() }).nullable(),
    hosts: z.array(RotationHost),
    decommissioned: z.array(DecommissionedHost),
    ca: z.object({
      product: z.string().nullable(),
      oldIssuerId: z.string().nullable(),
      newIssuer: z
        .object({ id: z.string(), name: z.string(), subject: z.string(), notAfter: z.string() })
        .nullable(),
    }),
    generations: Generations,
    otherFleets: z
      .array(z.object({ fleetId: id, fleetName: z.string(), generations: Generations }))
      .meta({ description: 'Fleets that rotate together with this one.' }),
  })
  .meta({ id: 'Rotation', description: 'The whole truth about a rotation, read from its journal.' });

export const RotationPage = pageOf(RotationSummary);
