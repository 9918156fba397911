import { ExtendedKeyUsage, KeyUsageFlags } from '@peculiar/x509';
import type { TestCertificateOptions } from '../kit/pki.js';

type Change = Partial<TestCertificateOptions>;
export type Flaw = readonly [name: string, change: Change];

const DAY = 86_400_000;
const { clientAuth, serverAuth } = ExtendedKeyUsage;
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

/** What may be odd about any certificate; not all of it is wrong. */
function anyFlaws(now: number): readonly Flaw[] {
  return [
    ['expired', { notBefore: now - 20 * DAY, notAfter: now - DAY }],
    ['not yet valid', { notBefore: now + DAY, notAfter: now + 20 * DAY }],
    ['RSA-1024', { key: 'RSA-1024' }],
    ['RSA-2048', { key: 'RSA-2048' }],
    ['P-384', { key: 'EC-P384' }],
    ['Ed25519', { key: 'Ed25519' }],
    ['signed with SHA-1', { hash: 'SHA-1' }],
    ['signed with SHA-384', { hash: 'SHA-384' }],
    ['for servers only', { extendedKeyUsages: [serverAuth] }],
    ['for clients and servers', { extendedKeyUsages: [serverAuth, clientAuth] }],
    ['without EKU', { extendedKeyUsages: [] }],
    ['for any EKU', { extendedKeyUsages: [ANY_EXTENDED_KEY_USAGE] }],
    ['without basicConstraints', { basicConstraints: null }],
    ['without keyUsage', { keyUsage: null }],
    ['without key identifiers', { keyIdentifiers: false }],
  ];
}

export function clientFlaws(now: number): readonly Flaw[] {
  return [
    ...anyFlaws(now),
    ['for key encipherment', { keyUsage: KeyUsageFlags.keyEncipherment }],
    ['for signing certificates', { keyUsage: KeyUsageFlags.keyCertSign }],
    ['CA:true', { basicConstraints: { ca: true } }],
  ];
}

export function caFlaws(now: number): readonly Flaw[] {
  return [
    ...anyFlaws(now),
    ['CA:false', { basicConstraints: { ca: false } }],
    ['pathlen 0', { basicConstraints: { ca: true, pathLength: 0 } }],
    ['pathlen 1', { basicConstraints: { ca: true, pathLength: 1 } }],
    ['without keyCertSign', { keyUsage: KeyUsageFlags.digitalSignature }],
    ['without cRLSign', { keyUsage: KeyUsageFlags.keyCertSign }],
    ['for clients only', { extendedKeyUsages: [clientAuth] }],
    ['for *.example.test only', { nameConstraints: { permitted: 'example.test' } }],
    ['for *.other.test only', { nameConstraints: { permitted: 'other.test' } }],
    ['not for *.example.test', { nameConstraints: { excluded: 'example.test' } }],
  ];
}
