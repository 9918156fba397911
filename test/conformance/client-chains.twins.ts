import { KeyUsageFlags } from '@peculiar/x509';
import { makeCa } from '../kit/pki.js';
import {
  below,
  type ChainCase,
  clientOf,
  crossSigned,
  oneKeyTwoRoots,
  past,
  pems,
  twins,
} from './client-chains.js';

/** Several CAs of one name or one key, as every rotation brings them. */
export const TWINS: readonly ChainCase[] = [
  {
    name: 'a CA of the same name with another key that is not in the bundle',
    verdict: 'refused',
    make: async () => {
      const [old, rekeyed] = await twins();
      return { bundlePem: pems(old), client: await clientOf(rekeyed) };
    },
  },
  {
    name: 'the second of two CAs of one name with key identifiers',
    verdict: 'accepted',
    make: async () => {
      const [old, rekeyed] = await twins();
      return { bundlePem: pems(old, rekeyed), client: await clientOf(rekeyed) };
    },
  },
  {
    name: 'the first of two CAs of one name without key identifiers',
    verdict: 'accepted',
    make: async () => {
      const [old, rekeyed] = await twins({ keyIdentifiers: false });
      return { bundlePem: pems(old, rekeyed), client: await clientOf(old, { keyIdentifiers: false }) };
    },
  },
  {
    name: 'the second of two CAs of one name without key identifiers',
    verdict: 'refused',
    make: async () => {
      const [old, rekeyed] = await twins({ keyIdentifiers: false });
      return { bundlePem: pems(old, rekeyed), client: await clientOf(rekeyed, { keyIdentifiers: false }) };
    },
  },
  {
    name: 'a renewed root (same key) behind the expired one',
    verdict: 'accepted',
    make: async () => {
      const old = await makeCa({ commonName: 'root', ...past() });
      const renewed = await old.crossSign(old);
      return { bundlePem: pems(old, renewed), client: await clientOf(old) };
    },
  },
  {
    name: 'a new CA cross-signed by the old one, the cross certificate sent',
    verdict: 'accepted',
    make: async () => {
      const { old, fresh, cross } = await crossSigned();
      return { bundlePem: pems(old), sentPem: pems(cross), client: await clientOf(fresh) };
    },
  },
  {
    name: 'a new CA cross-signed by the old one, the cross certificate not sent',
    verdict: 'refused',
    make: async () => {
      const { old, fresh } = await crossSigned();
      return { bundlePem: pems(old), client: await clientOf(fresh) };
    },
  },
  {
    name: 'a new CA in the bundle, the cross certificate sent within depth 0',
    verdict: 'accepted',
    make: async () => {
      const { old, fresh, cross } = await crossSigned();
      return { bundlePem: pems(old, fresh), sentPem: pems(cross), depth: 0, client: await clientOf(fresh) };
    },
  },
  {
    name: 'a removed old CA, its cross certificate of the new CA still sent',
    verdict: 'accepted',
    make: async () => {
      const { fresh, cross } = await crossSigned();
      return { bundlePem: pems(fresh), sentPem: pems(cross), client: await clientOf(fresh) };
    },
  },
  {
    name: 'two intermediates of one key, the usable one sent first',
    verdict: 'accepted',
    make: async () => {
      const { root, issuing, elsewhere } = await oneKeyTwoRoots();
      return { bundlePem: pems(root), sentPem: pems(issuing, elsewhere), client: await clientOf(issuing) };
    },
  },
  {
    name: 'two intermediates of one key, the usable one sent second (no backtracking)',
    verdict: 'refused',
    make: async () => {
      const { root, issuing, elsewhere } = await oneKeyTwoRoots();
      return { bundlePem: pems(root), sentPem: pems(elsewhere, issuing), client: await clientOf(issuing) };
    },
  },
  {
    name: 'a certificate that another client certificate signed',
    verdict: 'refused',
    make: below({ basicConstraints: { ca: false }, keyUsage: KeyUsageFlags.digitalSignature }),
  },
];
