import { KeyUsageFlags } from '@peculiar/x509';
import { type RevocationOptions, revocationList } from '../kit/crl.js';
import { makeCa } from '../kit/pki.js';
import { type ChainCase, type ClientChain, clientOf, DAY, ladder, pems, twins } from './client-chains.js';

/** A client of a root with one CRL that is as said, and which does not name the client. */
function listed(
  list: RevocationOptions,
  ca: Partial<Parameters<typeof makeCa>[0]> = {},
): () => Promise<ClientChain> {
  return async () => {
    const root = await makeCa({ commonName: 'root', ...ca });
    const other = await clientOf(root, { commonName: 'other' });
    const crlPem = await revocationList(root, { revoked: [other], ...list });
    return { bundlePem: pems(root), client: await clientOf(root), crlPem };
  };
}

const STALE = { thisUpdate: Date.now() - 20 * DAY, nextUpdate: Date.now() - DAY };
const EARLY = { thisUpdate: Date.now() + DAY, nextUpdate: Date.now() + 20 * DAY };

/** What `ssl_crl` does: once it is set, nginx wants a valid CRL of every CA of the chain. */
export const REVOCATION: readonly ChainCase[] = [
  { name: 'a CRL that names others', verdict: 'accepted', make: listed({}) },
  { name: 'a CRL that names nobody', verdict: 'accepted', make: listed({ revoked: [] }) },
  { name: 'a stale CRL', verdict: 'refused', make: listed(STALE) },
  { name: 'a CRL of tomorrow', verdict: 'refused', make: listed(EARLY) },
  {
    name: 'a CRL of a CA that may not sign CRLs',
    verdict: 'refused',
    make: listed({}, { keyUsage: KeyUsageFlags.keyCertSign }),
  },
  { name: 'a CRL of a CA without keyUsage', verdict: 'accepted', make: listed({}, { keyUsage: null }) },
  {
    name: 'a CRL that names the client',
    verdict: 'refused',
    make: async () => {
      const root = await makeCa({ commonName: 'root' });
      const client = await clientOf(root);
      return { bundlePem: pems(root), client, crlPem: await revocationList(root, { revoked: [client] }) };
    },
  },
  {
    name: 'a stale CRL beside a fresh one',
    verdict: 'accepted',
    make: async () => {
      const root = await makeCa({ commonName: 'root' });
      const crlPem = (await revocationList(root, STALE)) + (await revocationList(root));
      return { bundlePem: pems(root), client: await clientOf(root), crlPem };
    },
  },
  {
    name: 'a CRL of the other one of two CAs',
    verdict: 'refused',
    make: async () => {
      const root = await makeCa({ commonName: 'root' });
      const other = await makeCa({ commonName: 'other' });
      return {
        bundlePem: pems(root, other),
        client: await clientOf(root),
        crlPem: await revocationList(other),
      };
    },
  },
  {
    name: 'a CRL of the other one of two CAs of one name',
    verdict: 'refused',
    make: async () => {
      const [old, rekeyed] = await twins();
      return {
        bundlePem: pems(old, rekeyed),
        client: await clientOf(rekeyed),
        crlPem: await revocationList(old),
      };
    },
  },
  {
    name: 'a CRL of the other CA, the one that is missing within the bundle',
    verdict: 'accepted',
    make: async () => {
      const root = await makeCa({ commonName: 'root' });
      const other = await makeCa({ commonName: 'other' });
      return {
        bundlePem: pems(root, other) + (await revocationList(root)),
        client: await clientOf(root),
        crlPem: await revocationList(other),
      };
    },
  },
  {
    name: 'a root that stands beside its CRL in the CRL file alone (nginx trusts it)',
    verdict: 'accepted',
    make: async () => {
      const root = await makeCa({ commonName: 'root' });
      const other = await makeCa({ commonName: 'other' });
      return {
        bundlePem: pems(other),
        client: await clientOf(root),
        crlPem: pems(root) + (await revocationList(root)),
      };
    },
  },
  {
    name: 'CRLs of the root and of the intermediate',
    verdict: 'accepted',
    make: async () => {
      const { root, first } = await ladder();
      return {
        ...{ bundlePem: pems(root), sentPem: pems(first), client: await clientOf(first) },
        crlPem: (await revocationList(root)) + (await revocationList(first)),
      };
    },
  },
  {
    name: 'a CRL of the intermediate alone',
    verdict: 'refused',
    make: async () => {
      const { root, first } = await ladder();
      return {
        ...{ bundlePem: pems(root), sentPem: pems(first), client: await clientOf(first) },
        crlPem: await revocationList(first),
      };
    },
  },
  {
    name: 'a CRL of the root alone, under an intermediate',
    verdict: 'refused',
    make: async () => {
      const { root, first } = await ladder();
      return {
        ...{ bundlePem: pems(root), sentPem: pems(first), client: await clientOf(first) },
        crlPem: await revocationList(root),
      };
    },
  },
  {
    name: 'CRLs that name the intermediate',
    verdict: 'refused',
    make: async () => {
      const { root, first } = await ladder();
      return {
        ...{ bundlePem: pems(root), sentPem: pems(first), client: await clientOf(first) },
        crlPem: (await revocationList(root, { revoked: [first] })) + (await revocationList(first)),
      };
    },
  },
];
