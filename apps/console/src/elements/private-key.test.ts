import { describe, expect, it } from 'vitest';
import { holdsPrivateKey } from './private-key.js';

describe('a private key among certificates', () => {
  it.each([
    'PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
  ])('is seen as %s', (label) => {
    const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    expect(holdsPrivateKey(certificate)).toBe(false);
    expect(holdsPrivateKey(`${certificate}-----BEGIN ${label}-----\nMIIB\n`)).toBe(true);
  });

  it('is not seen in a public key', () => {
    expect(holdsPrivateKey('-----BEGIN PUBLIC KEY-----\nMIIB\n')).toBe(false);
  });
});
