import { z } from 'zod';
import { MOST_BUNDLE_CHARACTERS } from '../fleets/fleet-schemas.js';
import { listOf } from '../http/page.js';
import { Finding } from '../http/problem.js';
import { line, storableText } from '../http/text.js';

const MOST_CLIENTS = 100;
const PEM_SIZE = 1_000_000;
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n';

const Verdict = z.enum(['accepted', 'refused']);

const Client = z.strictObject({
  name: line(200).meta({ examples: ['billing batch job'] }),
  certificatePem: storableText(PEM_SIZE).meta({
    description: 'Its certificate, and behind it the intermediates that it sends. Keys are passed over.',
    examples: [PEM],
  }),
  expect: Verdict.default('accepted'),
});

export const NewPreflight = z
  .strictObject({
    bundlePem: storableText(MOST_BUNDLE_CHARACTERS).meta({
      description: 'ssl_client_certificate, as it would lie on the hosts.',
      examples: [PEM],
    }),
    beforePem: storableText(MOST_BUNDLE_CHARACTERS)
      .nullable()
      .default(null)
      .meta({ description: 'The bundle of today: given, the reply tells what changes.' }),
    trustedPem: storableText(MOST_BUNDLE_CHARACTERS)
      .default('')
      .meta({ description: 'ssl_trusted_certificate, which nginx trusts for clients as well.' }),
    crlPem: storableText(MOST_BUNDLE_CHARACTERS)
      .default('')
      .meta({ description: 'ssl_crl; empty when not set.' }),
    depth: z.int().min(0).max(100).default(1).meta({ description: 'ssl_verify_depth.' }),
    securityLevel: z
      .int()
      .min(0)
      .max(5)
      .default(2)
      .meta({ description: "OpenSSL's, such as @SECLEVEL in ssl_ciphers; Debian's default is 2." }),
    nginxVersion: z
      .string()
      .regex(/^\d{1,4}(\.\d{1,4}){1,3}$/, 'must be a version such as 1.22.1')
      .default('1.22.1')
      .meta({ description: 'From 1.27.2 on nginx reads bundles and CRLs in another way.' }),
    clients: z.array(Client).min(1).max(MOST_CLIENTS),
    knownPem: storableText(MOST_BUNDLE_CHARACTERS)
      .default('')
      .meta({ description: 'CA certificates to look for advice in, such as all that your PKI has.' }),
  })
  .meta({ id: 'NewPreflight' });

const Reason = z.object({ what: z.string(), nextStep: z.string() });

const Outcome = z.object({
  client: z.string(),
  expect: Verdict,
  verdict: Verdict,
  cause: z.string().nullable().meta({ description: "OpenSSL's sentence; null for one that is accepted." }),
  reasons: z.array(Reason).meta({ description: 'Why it is refused and should not be, in plain words.' }),
  advice: z
    .array(z.string())
    .nullable()
    .meta({ description: 'The smallest change after which it is accepted; null when none was found.' }),
});

export const NewFleetPreflight = z
  .strictObject({
    bundlePem: storableText(MOST_BUNDLE_CHARACTERS)
      .nullable()
      .default(null)
      .meta({ description: 'The bundle as it would lie on the hosts; left out: the one that lies there.' }),
    clients: z
      .array(Client)
      .max(MOST_CLIENTS)
      .default([])
      .meta({ description: 'Beside the samples of the fleet.' }),
    knownPem: storableText(MOST_BUNDLE_CHARACTERS)
      .default('')
      .meta({ description: 'CA certificates to look for advice in, such as all that your PKI has.' }),
  })
  .meta({ id: 'NewFleetPreflight' });

export const Preflight = listOf(Outcome)
  .extend({
    passed: z
      .boolean()
      .meta({ description: 'No finding is an error, and every verdict is the one expected.' }),
    findings: z.array(Finding),
    change: z
      .object({
        anchors: z.string().meta({ examples: ['+1 -1 anchors: added CN=new; removed CN=old'] }),
        accepted: z.int().meta({ description: 'How many of the clients get in everywhere then.' }),
        lost: z.array(z.string()).meta({ description: 'Clients that get in today, and then no longer.' }),
        gained: z.array(z.string()).meta({ description: 'Clients that get in then, and do not today.' }),
      })
      .nullable(),
  })
  .meta({ id: 'Preflight', description: 'What nginx would do with these clients and this bundle.' });

const PreflightHost = z
  .object({
    hostId: z.string(),
    host: z.string(),
    findings: z.array(Finding),
    openssl: z
      .object({
        version: z.string().meta({ examples: ['OpenSSL 3.0.17 1 Jul 2025'] }),
        securityLevel: z.int().nullable().meta({ description: 'Null when it could not be found out.' }),
      })
      .nullable()
      .meta({ description: 'The openssl command there; null when there is none or it could not be asked.' }),
  })
  .meta({ id: 'PreflightHost' });

export const FleetPreflight = Preflight.extend({
  items: z.array(
    Outcome.extend({
      where: z.string().meta({ description: 'Host, file and line of the server with these settings.' }),
    }),
  ),
  hosts: z.array(PreflightHost),
  verifiedBy: z
    .array(z.string())
    .meta({ description: 'Whose OpenSSL gave the verdicts: that of a host with the settings of each kind.' }),
}).meta({
  id: 'FleetPreflight',
  description: 'What the nginx of every host would do with these clients and this bundle.',
});
