import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { Secret } from '#engine';
import { readableCertificates } from '../http/certificates.js';
import { listOf } from '../http/page.js';
import { id, line, secretOf, storableText, timestamp } from '../http/text.js';

const PEM_SIZE = 1_000_000;

const privateKey = secretOf(
  storableText(32_768).refine(isPrivateKey, 'must be one PEM private key without a passphrase'),
);

/** A client certificate and the verdict that it must get. */
export const NewSample = z
  .strictObject({
    name: line(200).meta({ examples: ['billing batch job'] }),
    certificatePem: storableText(PEM_SIZE)
      .refine(isOneLeaf, 'must be exactly one PEM certificate of a client, not of a CA')
      .meta({ examples: ['-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n'] }),
    chainPem: storableText(PEM_SIZE)
      .refine(
        (pem) => pem.trim() === '' || readableCertificates(pem).length > 0,
        'must hold readable PEM certificates only',
      )
      .default('')
      .meta({ description: 'Intermediates that the client sends; empty when it sends none.' }),
    privateKey: privateKey
      .nullable()
      .default(null)
      .meta({ writeOnly: true, description: 'Given, the sample is used in probes of the listeners too.' }),
    expect: z
      .enum(['accepted', 'refused'])
      .meta({ description: 'The verdict that it must get from the fleet as it is trusted today.' }),
  })
  .superRefine(({ certificatePem, privateKey }, context) => {
    // One that was found wrong above is still here, as it came.
    if (!(privateKey instanceof Secret) || !isOneLeaf(certificatePem)) return;
    if (belongTogether(certificatePem, privateKey.reveal())) return;
    const message = 'is not the key of the certificate';
    context.addIssue({ code: 'custom', path: ['privateKey'], message });
  })
  .meta({ id: 'NewSample' });

export const Sample = z
  .object({
    id,
    fleetId: id,
    name: z.string(),
    certificatePem: z.string(),
    chainPem: z.string(),
    expect: z.enum(['accepted', 'refused']),
    hasPrivateKey: z.boolean().meta({ description: 'True when a key was given, for probes.' }),
    createdAt: timestamp,
  })
  .meta({ id: 'Sample', description: 'A client certificate, and the verdict that it must get.' });

export const Samples = listOf(Sample);

function isOneLeaf(pem: string): boolean {
  const [leaf, ...others] = readableCertificates(pem);
  return leaf !== undefined && others.length === 0 && !leaf.isCa;
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    // OpenSSL's words add nothing that a person could use.
    return false;
  }
}

function belongTogether(certificatePem: string, privateKeyPem: string): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem));
  } catch {
    return false;
  }
}
