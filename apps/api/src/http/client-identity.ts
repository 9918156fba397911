import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { z } from 'zod';
import { Secret } from '#engine';
import { readableCertificates } from './certificates.js';
import { secretOf, storableText } from './text.js';

export const PEM_SIZE = 1_000_000;

/** What a client shows, as people hand it in. */
export const clientFields = {
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
};

export const clientKey = secretOf(
  storableText(32_768).refine(isPrivateKey, 'must be one PEM private key without a passphrase'),
);

/** Names a key that belongs to another certificate. */
export function keyOfCertificate(
  { certificatePem, privateKey }: { readonly certificatePem: string; readonly privateKey: unknown },
  context: z.RefinementCtx,
): void {
  // One that was found wrong above is still here, as it came.
  if (!(privateKey instanceof Secret) || !isOneLeaf(certificatePem)) return;
  if (belongTogether(certificatePem, privateKey.reveal())) return;
  const message = 'is not the key of the certificate';
  context.addIssue({ code: 'custom', path: ['privateKey'], message });
}

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
