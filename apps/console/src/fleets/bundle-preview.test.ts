import { describe, expect, it } from 'vitest';
import { previewBundle } from './bundle-preview.js';
import { certificatePem } from './certificate.fixture.js';

const BROKEN = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

describe('a bundle before it is sent', () => {
  it('shows each certificate with its name, its end, and whether it is a CA', async () => {
    const pem = await certificatePem('CN=Client CA', { ca: true, notAfter: '2027-01-02T03:04:05.000Z' });
    const leaf = await certificatePem('CN=laptop', { ca: false, notAfter: '2026-12-01T00:00:00.000Z' });
    const { certificates, unreadable } = await previewBundle(`# edge\n${pem}\n${leaf}`);
    expect(certificates).toMatchObject([
      { subject: 'CN=Client CA', notAfter: '2027-01-02T03:04:05.000Z', ca: true },
      { subject: 'CN=laptop', notAfter: '2026-12-01T00:00:00.000Z', ca: false },
    ]);
    expect(certificates[0]?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(unreadable).toEqual([]);
  });

  it('names the blocks that are no certificates', async () => {
    const pem = await certificatePem('CN=Client CA', { ca: true, notAfter: '2027-01-02T03:04:05.000Z' });
    expect(await previewBundle(`${pem}\n${BROKEN}`)).toMatchObject({ unreadable: [2] });
  });

  it('has nothing of a text that holds none', async () => {
    expect(await previewBundle('not a bundle')).toEqual({ certificates: [], unreadable: [] });
  });
});
