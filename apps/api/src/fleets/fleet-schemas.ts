import { z } from 'zod';
import { REVOCATIONS } from '#engine';
import { APPROVALS, CONTRACT_WHEN, PHASES, STATUSES, STRATEGIES } from '#rotation';
import { pageOf } from '../http/page.js';
import { Finding } from '../http/problem.js';
import { absolutePath, id, storableText, timestamp } from '../http/text.js';
import { IssuingCa, NewIssuingCa } from './issuing-ca-schema.js';

const DAY = 86_400;
/** The linter's own limit is lower and explains itself. */
export const MOST_BUNDLE_CHARACTERS = 6 * 1024 * 1024;

export const NewFleet = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/,
        'must have 1 to 63 of a-z 0-9 . _ - and begin and end with a letter or digit',
      )
      .meta({ examples: ['edge'] }),
    soakSeconds: z
      .int()
      .min(0)
      .max(366 * DAY)
      .default(DAY)
      .meta({
        description: 'Seconds that the fleet trusts the old and the new CA, so that clients can renew.',
      }),
    contractWhen: z.enum(CONTRACT_WHEN).default('unused').meta({
      description:
        'When the old CA may be dropped: `unused` once the CA knows of no certificate of it that is still valid (or a person overrides that), and not before the soak is over; `soaked` once the soak is over, whoever still uses it.',
    }),
    approval: z.enum(APPROVALS).default('none').meta({
      description:
        'Before what a second person has to approve: `contract`, before the old CA is dropped, by another API key than the one that asked for the rotation.',
    }),
    clientLog: absolutePath
      .nullable()
      .default(null)
      .meta({
        description:
          'Access log that names the clients, on every host. Given, the gate also opens when no host has seen a client of the old CA for soakSeconds.',
        examples: ['/var/log/nginx/clients.log'],
      }),
    generationMarker: z.boolean().default(true).meta({
      description:
        'Whether each generation carries a certificate of its own that lets nobody in. It shows from outside which generation is served, and ends the TLS sessions of the one before. Without it neither can be told, and a rotation to a CA of the same name is refused where sessions outlast a reload.',
    }),
    revocation: z.enum(REVOCATIONS).default('none').meta({
      description:
        '`crl`: the hosts refuse clients that their CA revoked. Each generation holds the CRL of each of its anchors, and `ssl_crl` names a managed path in every server, as `ssl_client_certificate` does; the bundle given here holds the CRLs of today as well.',
    }),
    canaryHosts: z.int().min(1).max(1_000).default(1).meta({ description: 'Hosts of the first wave.' }),
    caTtlSeconds: z
      .int()
      .min(600)
      .max(20 * 366 * DAY)
      .default(365 * DAY)
      .meta({ description: 'Lifetime in seconds of the CA that a rotation creates.' }),
    issuingCa: NewIssuingCa,
    bundlePem: storableText(MOST_BUNDLE_CHARACTERS).meta({
      description: 'The client-CA bundle that the hosts serve today, byte for byte.',
      examples: ['-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n'],
    }),
  })
  .superRefine(({ revocation, generationMarker }, context) => {
    if (revocation === 'none' || generationMarker) return;
    const message =
      'must be true where revocation is "crl": without it a client that was revoked goes on with the TLS session that it has';
    context.addIssue({ code: 'custom', path: ['generationMarker'], message });
  })
  .superRefine(({ issuingCa, contractWhen }, context) => {
    if (issuingCa.kind !== 'upload' || contractWhen === 'unused') return;
    const message =
      'must be "unused" where the CA is uploaded: nobody can see whether it still issues from the old one';
    context.addIssue({ code: 'custom', path: ['contractWhen'], message });
  })
  .meta({ id: 'NewFleet' });

export const Generation = z
  .object({
    id,
    number: z.int().meta({ description: '1, 2, 3, ... within the fleet.' }),
    digest: z.string().meta({ description: 'Hex SHA-256 of the bundle as it lies on the hosts.' }),
    marker: z
      .string()
      .nullable()
      .meta({ description: 'Common name of its marker; null for a bundle that came from outside.' }),
    createdAt: timestamp,
  })
  .meta({ id: 'Generation', description: 'A numbered, immutable trust bundle.' });

export const Anchor = z
  .object({
    id: z.string().meta({
      description:
        'As a `distrust` names it: subject key identifier, or SHA-256 where it has none; lower-case hex.',
    }),
    subject: z.string(),
    notAfter: timestamp,
  })
  .meta({ id: 'Anchor', description: 'A CA whose clients are let in.' });

const FleetDriftSummary = z
  .object({
    state: z.enum(['in-sync', 'drifted', 'unknown']).meta({
      description: 'drifted: a host is. unknown: of a host it is not known, or there is none.',
    }),
    checkedAt: timestamp.nullable().meta({ description: 'When a host was looked at last.' }),
    inSync: z.int(),
    drifted: z.int(),
    unknown: z.int().meta({
      description: 'Hosts that could not be asked, or not since the fleet serves this generation.',
    }),
  })
  .meta({ id: 'FleetDriftSummary', description: 'By the last look at each host.' });

const NextRotation = z
  .object({
    at: timestamp.meta({ description: 'Past where it is overdue.' }),
    scheduleId: id,
    fleetId: id.meta({ description: 'Whose schedule it is: it rotates all fleets of the issuing CA.' }),
  })
  .meta({ id: 'NextRotation' });

const RunningRotation = z
  .object({ id, status: z.enum(STATUSES), phase: z.enum(PHASES), strategy: z.enum(STRATEGIES) })
  .meta({ id: 'RunningRotation' });

export const Fleet = z
  .object({
    id,
    name: z.string(),
    soakSeconds: z.int(),
    contractWhen: z.enum(CONTRACT_WHEN),
    approval: z.enum(APPROVALS),
    clientLog: z.string().nullable(),
    generationMarker: z.boolean(),
    revocation: z.enum(REVOCATIONS),
    canaryHosts: z.int(),
    caTtlSeconds: z.int(),
    issuingCa: IssuingCa,
    generation: Generation,
    anchors: z.array(Anchor).meta({ description: 'Of that generation, without its marker.' }),
    expiresAt: timestamp.nullable().meta({ description: 'When the first of the anchors ends.' }),
    hostCount: z.int(),
    drift: FleetDriftSummary,
    nextRotation: NextRotation.nullable().meta({
      description:
        'When a schedule is expected to rotate it, as far as that can be told without asking the CA: by the newest anchor, the windows, and as if nothing held it. Null where no enabled schedule will.',
    }),
    rotation: RunningRotation.nullable().meta({ description: 'The one that has not ended.' }),
    lastRotatedAt: timestamp.nullable(),
    lastRehearsedAt: timestamp.nullable().meta({ description: 'When a fire drill succeeded last.' }),
    distrusted: z.array(z.object({ anchor: z.string(), rotationId: id })).meta({
      description:
        'Anchors that a `distrust` took from the fleet: by subject key identifier, or SHA-256 where they have none.',
    }),
    createdAt: timestamp,
  })
  .meta({ id: 'Fleet' });

export const CreatedFleet = Fleet.extend({
  warnings: z.array(Finding).meta({ description: 'What works in the bundle and should be known.' }),
}).meta({ id: 'CreatedFleet' });

export const FleetPage = pageOf(Fleet);
export const GenerationPage = pageOf(Generation);
