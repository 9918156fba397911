import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isMarker, parseBundle } from '#trust';
import { ISSUING, OTHER, ROOT } from '../../trust/src/certificates.fixture.js';
import { X509Mint } from './x509-mint.js';

const NAME = 'windlass edge generation 7 0123456789ab';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const mint = new X509Mint();

function only(pem: string) {
  const { certificates, findings } = parseBundle(pem);
  const [certificate, ...others] = certificates;
  if (certificate === undefined || others.length > 0) throw new Error('one certificate was expected');
  expect(findings).toEqual([]);
  return certificate;
}

describe('marker', () => {
  it('is a marker under the given name', async () => {
    const marker = only(await mint.marker(NAME));
    expect(marker).toMatchObject({ subject: `CN=${NAME}`, issuer: `CN=${NAME}`, commonName: NAME });
    expect(isMarker(marker)).toBe(true);
  });

  it('lets nobody in: it expired in the year 2000, is no CA, and names no use', async () => {
    const marker = only(await mint.marker(NAME));
    expect(marker.notAfter).toBe(Date.parse('2000-01-01T00:00:00Z'));
    expect(marker.notBefore).toBeLessThan(marker.notAfter);
    expect(marker).toMatchObject({ basicConstraints: { ca: false }, isCa: false, extendedKeyUsages: [] });
  });

  it('is signed by its own key', async () => {
    const certificate = new X509Certificate(await mint.marker(NAME));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('is its certificate and nothing else: the key is gone', async () => {
    expect(await mint.marker(NAME)).toMatch(
      /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/,
    );
  });

  it('has a key and a serial number of its own each time', async () => {
    const [first, second] = [only(await mint.marker(NAME)), only(await mint.marker(NAME))];
    expect(first.fingerprint).not.toBe(second.fingerprint);
    expect(first.serial).not.toBe(second.serial);
  });
});

describe('impostor', () => {
  it.each([
    ['a root', ROOT],
    ['an intermediate', ISSUING],
    ['a root of another kind', OTHER],
  ])('is issued under the name of %s, and claims its key, which did not sign it', async (_, ca) => {
    const { certificatePem, privateKey } = await mint.impostor(ca);
    const [leaf, genuine] = [new X509Certificate(certificatePem), new X509Certificate(ca)];
    expect(leaf.issuer).toBe(genuine.subject);
    expect(leaf.checkIssued(genuine)).toBe(true);
    expect(leaf.verify(genuine.publicKey)).toBe(false);
    expect(only(certificatePem).aki).toBe(only(ca).ski);
    expect(leaf.publicKey.equals(createPublicKey(createPrivateKey(privateKey.reveal())))).toBe(true);
  });

  it('is made of a certificate only', async () => {
    await expect(mint.impostor('no PEM')).rejects.toMatchObject({ problem: { code: 'ca.unreadable' } });
  });
});

describe('stranger', () => {
  it('is a client in date with the key that belongs to it', async () => {
    const { certificatePem, chainPem, privateKey } = await mint.stranger();
    const certificate = only(certificatePem);
    expect(chainPem).toBe('');
    expect(certificate).toMatchObject({ isCa: false, extendedKeyUsages: [CLIENT_AUTH] });
    expect(certificate.notBefore).toBeLessThan(Date.parse('2021-01-01T00:00:00Z'));
    expect(certificate.notAfter).toBeGreaterThan(Date.parse('2098-01-01T00:00:00Z'));
    const key = createPublicKey(createPrivateKey(privateKey.reveal()));
    expect(new X509Certificate(certificatePem).publicKey.equals(key)).toBe(true);
  });

  it('comes of a CA of its own each time, which nobody holds', async () => {
    const [first, second] = [await mint.stranger(), await mint.stranger()].map(({ certificatePem }) =>
      only(certificatePem),
    );
    expect(first?.selfSigned).toBe(false);
    expect(first?.issuer).toMatch(/^CN=windlass stranger CA [0-9a-f]{8}$/);
    expect(first?.issuer).not.toBe(second?.issuer);
    expect(first?.aki).not.toBe(second?.aki);
  });

  it('does not show its key when it is printed', async () => {
    const stranger = await mint.stranger();
    const secret = stranger.privateKey.reveal().split('\n')[1] ?? '';
    expect(secret.length).toBeGreaterThan(20);
    expect(inspect(stranger, { depth: 5 }) + JSON.stringify(stranger)).not.toContain(secret);
  });
});
