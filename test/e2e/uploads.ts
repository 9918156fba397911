import type { TestCa, TestCertificate, TestCertificateOptions } from '#kit';

/** A CA as people bring it: with a client of it, made for the probes. */
export async function brought(ca: TestCa, over: Partial<TestCertificateOptions> = {}) {
  return withProbe(ca, await ca.issueClient({ commonName: 'windlass probe', ...over }));
}

export function withProbe({ certificatePem }: TestCertificate, probe: TestCertificate, chainPem = '') {
  const client = { certificatePem: probe.certificatePem, privateKey: probe.privateKeyPem, chainPem };
  return { certificatePem, probe: client };
}
