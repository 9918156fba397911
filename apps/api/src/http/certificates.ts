import { type BundleCertificate, parseBundle } from '#trust';

/** The certificates of a PEM text; none when anything in it cannot be read as one. */
export function readableCertificates(pem: string): readonly BundleCertificate[] {
  const { certificates, findings } = parseBundle(pem);
  return findings.some(({ severity }) => severity === 'error') ? [] : certificates;
}
