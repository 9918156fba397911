/** A certificate of a bundle, as far as it is shown before it is sent. */
export interface PreviewedCertificate {
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly notAfter: string;
  readonly ca: boolean;
}

export interface BundlePreview {
  readonly certificates: readonly PreviewedCertificate[];
  /** Blocks that say CERTIFICATE and are none, counted from 1. */
  readonly unreadable: readonly number[];
}

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * What is in a bundle, for people to see before they send it. The verdict is that of the API, whose reader follows
 * OpenSSL's rules; this one is a look. What it needs is loaded when it is called for the first time.
 */
export async function previewBundle(pem: string): Promise<BundlePreview> {
  await import('reflect-metadata');
  const { BasicConstraintsExtension, X509Certificate } = await import('@peculiar/x509');
  const certificates: PreviewedCertificate[] = [];
  const unreadable: number[] = [];
  for (const [index, block] of (pem.match(BLOCK) ?? []).entries()) {
    try {
      const read = new X509Certificate(block);
      certificates.push({
        fingerprint: hex(await read.getThumbprint('SHA-256')),
        ...{ subject: read.subject, issuer: read.issuer, notAfter: read.notAfter.toISOString() },
        ca: read.getExtension(BasicConstraintsExtension)?.ca ?? false,
      });
    } catch {
      unreadable.push(index + 1);
    }
  }
  return { certificates, unreadable };
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
