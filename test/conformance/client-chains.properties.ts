import { ExtendedKeyUsage, KeyUsageFlags } from '@peculiar/x509';
import { makeCa } from '../kit/pki.js';
import { below, type ChainCase, clientOf, future, past, pems, rooted } from './client-chains.js';

const { clientAuth, serverAuth } = ExtendedKeyUsage;
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

/** Dates, keys, hashes and extensions. */
export const PROPERTIES: readonly ChainCase[] = [
  { name: 'an expired client', verdict: 'refused', make: rooted({}, past()) },
  { name: 'a client that is not yet valid', verdict: 'refused', make: rooted({}, future()) },
  { name: 'an expired root', verdict: 'refused', make: rooted(past()) },
  { name: 'a root that is not yet valid', verdict: 'refused', make: rooted(future()) },
  { name: 'an expired intermediate', verdict: 'refused', make: below(past()) },
  {
    name: 'an expired root beside a good one',
    verdict: 'accepted',
    make: async () => {
      const { bundlePem, client } = await rooted({})();
      return { bundlePem: pems(await makeCa({ commonName: 'gone', ...past() })) + bundlePem, client };
    },
  },
  { name: 'RSA-2048 keys', verdict: 'accepted', make: rooted({ key: 'RSA-2048' }, { key: 'RSA-2048' }) },
  {
    name: 'P-384 keys',
    verdict: 'accepted',
    make: rooted({ key: 'EC-P384', hash: 'SHA-384' }, { key: 'EC-P384' }),
  },
  { name: 'Ed25519 keys', verdict: 'accepted', make: rooted({ key: 'Ed25519' }, { key: 'Ed25519' }) },
  { name: 'an RSA-1024 client', verdict: 'refused', make: rooted({}, { key: 'RSA-1024' }) },
  { name: 'an RSA-1024 root', verdict: 'refused', make: rooted({ key: 'RSA-1024' }) },
  { name: 'an RSA-1024 intermediate', verdict: 'refused', make: below({ key: 'RSA-1024' }) },
  {
    name: 'a client signed with SHA-1',
    verdict: 'refused',
    make: rooted({ key: 'RSA-2048' }, { hash: 'SHA-1' }),
  },
  { name: 'an intermediate signed with SHA-1', verdict: 'refused', make: below({ hash: 'SHA-1' }) },
  {
    name: 'a root that signed itself with SHA-1',
    verdict: 'accepted',
    make: rooted({ key: 'RSA-2048', hash: 'SHA-1' }),
  },
  {
    name: 'a client for servers only',
    verdict: 'refused',
    make: rooted({}, { extendedKeyUsages: [serverAuth] }),
  },
  {
    name: 'a client for both',
    verdict: 'accepted',
    make: rooted({}, { extendedKeyUsages: [serverAuth, clientAuth] }),
  },
  { name: 'a client without EKU', verdict: 'accepted', make: rooted({}, { extendedKeyUsages: [] }) },
  {
    name: 'a client for anyExtendedKeyUsage',
    verdict: 'refused',
    make: rooted({}, { extendedKeyUsages: [ANY_EXTENDED_KEY_USAGE] }),
  },
  { name: 'a client without keyUsage', verdict: 'accepted', make: rooted({}, { keyUsage: null }) },
  {
    name: 'a client that may only encipher keys',
    verdict: 'refused',
    make: rooted({}, { keyUsage: KeyUsageFlags.keyEncipherment }),
  },
  {
    name: 'a client without basicConstraints',
    verdict: 'accepted',
    make: rooted({}, { basicConstraints: null }),
  },
  {
    name: 'a CA as client that may only sign certificates',
    verdict: 'refused',
    make: async () => {
      const root = await makeCa({ commonName: 'root' });
      return { bundlePem: pems(root), client: root };
    },
  },
  { name: 'a root for servers only', verdict: 'refused', make: rooted({ extendedKeyUsages: [serverAuth] }) },
  {
    name: 'an intermediate for servers only',
    verdict: 'refused',
    make: below({ extendedKeyUsages: [serverAuth] }),
  },
  {
    name: 'an intermediate for clients only',
    verdict: 'accepted',
    make: below({ extendedKeyUsages: [clientAuth] }),
  },
  {
    name: 'a root without keyCertSign',
    verdict: 'refused',
    make: rooted({ keyUsage: KeyUsageFlags.digitalSignature }),
  },
  { name: 'a root without keyUsage', verdict: 'accepted', make: rooted({ keyUsage: null }) },
  {
    name: 'a root that says CA:false',
    verdict: 'refused',
    make: rooted({ basicConstraints: { ca: false } }),
  },
  {
    name: 'a root without basicConstraints and keyUsage',
    verdict: 'refused',
    make: rooted({ basicConstraints: null, keyUsage: null }),
  },
  {
    name: 'an intermediate that says CA:false',
    verdict: 'refused',
    make: below({ basicConstraints: { ca: false } }),
  },
  {
    name: 'an intermediate without basicConstraints',
    verdict: 'refused',
    make: below({ basicConstraints: null }),
  },
  {
    name: 'a root whose path length 0 has no intermediate below',
    verdict: 'accepted',
    make: rooted({ basicConstraints: { ca: true, pathLength: 0 } }),
  },
  {
    name: 'a root whose path length 0 is exceeded',
    verdict: 'refused',
    make: async () => {
      const root = await makeCa({ commonName: 'root', basicConstraints: { ca: true, pathLength: 0 } });
      const issuing = await root.issueIntermediate({ commonName: 'issuing' });
      return { bundlePem: pems(root), sentPem: pems(issuing), client: await clientOf(issuing) };
    },
  },
];
