import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { UploadedCa as Recorded } from '#engine';
import { clientFields, clientKey, keyOfCertificate, PEM_SIZE } from '../http/client-identity.js';
import { listOf } from '../http/page.js';
import { id, line, storableText, timestamp } from '../http/text.js';

const uploadFields = {
  certificatePem: storableText(PEM_SIZE).meta({
    description: 'The root that clients chain up to; intermediates belong into the chain of the client.',
    examples: ['-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n'],
  }),
  crlPem: storableText(PEM_SIZE).optional().meta({
    description: 'Its CRL, for fleets with revocation `crl`; upload the same CA again with a newer one.',
  }),
  probe: z
    .strictObject({ ...clientFields, privateKey: clientKey })
    .superRefine(keyOfCertificate)
    .meta({
      id: 'ProbeClient',
      description: 'A client of this CA, made for Windlass: every host is asked whether it lets it in.',
    }),
};

export const NewUpload = z.strictObject(uploadFields).meta({ id: 'NewUpload' });

export const NewUploadIssuingCa = z
  .strictObject({
    kind: z.literal('upload'),
    name: line(200).meta({
      description: 'As you call it. Fleets that give the same name share the CA, and rotate together.',
      examples: ['EJBCA production'],
    }),
    ...uploadFields,
  })
  .meta({
    id: 'NewUploadIssuingCa',
    description: 'Any CA that Windlass cannot drive. What clients come with today is brought here.',
  });

export const UploadedCa = z
  .object({
    id,
    subject: z.string(),
    fingerprint: z.string().meta({ description: 'Hex SHA-256 of the certificate.' }),
    notAfter: timestamp,
    state: z.enum(['current', 'next', 'past']).meta({
      description: '`next`: the next rotation brings it. `current`: clients are said to come with it.',
    }),
    probeNotAfter: timestamp.meta({ description: 'When the client for probes ends.' }),
  })
  .meta({ id: 'UploadedCa' });

export const UploadedCas = listOf(UploadedCa);

/** Without the key. */
export function shownUpload({
  id: uploadId,
  state,
  certificatePem,
  probe,
}: Recorded): z.output<typeof UploadedCa> {
  const certificate = new X509Certificate(certificatePem);
  return UploadedCa.parse({
    ...{ id: uploadId, state },
    subject: certificate.subject.split('\n').reverse().join(','),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    notAfter: new Date(certificate.validTo),
    probeNotAfter: new Date(new X509Certificate(probe.certificatePem).validTo),
  });
}
