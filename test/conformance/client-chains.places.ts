import { X509Mint } from '#certificates';
import { revocationList } from '../kit/crl.js';
import { makeCa } from '../kit/pki.js';
import { type ChainCase, clientOf, ladder, pems, rooted, selfSignedClient } from './client-chains.js';

/** Who holds which link of the chain, and how long the chain may be. */
export const PLACES: readonly ChainCase[] = [
  { name: 'the root in the bundle', verdict: 'accepted', make: rooted({}) },
  {
    name: 'the root behind an unrelated one',
    verdict: 'accepted',
    make: async () => {
      const { root } = await ladder();
      const other = await makeCa({ commonName: 'other' });
      return { bundlePem: pems(other, root), client: await clientOf(root) };
    },
  },
  {
    name: 'a root that is not in the bundle',
    verdict: 'refused',
    make: async () => {
      const { root } = await ladder();
      const other = await makeCa({ commonName: 'other' });
      return { bundlePem: root.certificatePem, client: await clientOf(other) };
    },
  },
  {
    name: 'a root that is not in the bundle and that the client sends',
    verdict: 'refused',
    make: async () => {
      const { root } = await ladder();
      const other = await makeCa({ commonName: 'other' });
      return { bundlePem: pems(root), sentPem: pems(other), client: await clientOf(other) };
    },
  },
  {
    name: 'an intermediate that the client sends',
    verdict: 'accepted',
    make: async () => {
      const { root, first } = await ladder();
      return { bundlePem: pems(root), sentPem: pems(first), client: await clientOf(first) };
    },
  },
  {
    name: 'an intermediate that nobody has',
    verdict: 'refused',
    make: async () => {
      const { root, first } = await ladder();
      return { bundlePem: pems(root), client: await clientOf(first) };
    },
  },
  {
    name: 'an intermediate in the bundle beside its root',
    verdict: 'accepted',
    make: async () => {
      const { root, first } = await ladder();
      return { bundlePem: pems(first, root), client: await clientOf(first) };
    },
  },
  {
    name: 'an intermediate in the bundle without its root (no partial chains)',
    verdict: 'refused',
    make: async () => {
      const { first } = await ladder();
      return { bundlePem: pems(first), client: await clientOf(first) };
    },
  },
  {
    name: 'an intermediate in the bundle whose root the client sends',
    verdict: 'refused',
    make: async () => {
      const { root, first } = await ladder();
      return { bundlePem: pems(first), sentPem: pems(root), client: await clientOf(first) };
    },
  },
  {
    name: 'an intermediate that the client sends with its root behind it',
    verdict: 'accepted',
    make: async () => {
      const { root, first } = await ladder();
      return { bundlePem: pems(root), sentPem: pems(first, root), client: await clientOf(first) };
    },
  },
  {
    name: 'an intermediate within depth 1, named',
    verdict: 'accepted',
    make: async () => {
      const { root, first } = await ladder();
      return { bundlePem: pems(root), sentPem: pems(first), depth: 1, client: await clientOf(first) };
    },
  },
  {
    name: 'an intermediate within depth 0',
    verdict: 'refused',
    make: async () => {
      const { root, first } = await ladder();
      return { bundlePem: pems(root), sentPem: pems(first), depth: 0, client: await clientOf(first) };
    },
  },
  {
    name: 'no intermediate within depth 0',
    verdict: 'accepted',
    make: async () => ({ ...(await rooted({})()), depth: 0 }),
  },
  {
    name: 'two intermediates within the default depth',
    verdict: 'refused',
    make: async () => {
      const { root, first, second } = await ladder();
      return { bundlePem: pems(root), sentPem: pems(second, first), client: await clientOf(second) };
    },
  },
  {
    name: 'two intermediates of the bundle within the default depth',
    verdict: 'refused',
    make: async () => {
      const { root, first, second } = await ladder();
      return { bundlePem: pems(root, first, second), client: await clientOf(second) };
    },
  },
  {
    name: 'two intermediates within depth 2',
    verdict: 'accepted',
    make: async () => {
      const { root, first, second } = await ladder();
      return {
        ...{ bundlePem: pems(root), sentPem: pems(second, first), depth: 2 },
        client: await clientOf(second),
      };
    },
  },
  {
    name: 'two intermediates sent in the wrong order among strangers',
    verdict: 'accepted',
    make: async () => {
      const { root, first, second } = await ladder();
      const other = await makeCa({ commonName: 'other' });
      return {
        ...{ bundlePem: pems(root), sentPem: pems(first, other, second), depth: 2 },
        client: await clientOf(second),
      };
    },
  },
  {
    name: 'one intermediate sent and one in the bundle',
    verdict: 'accepted',
    make: async () => {
      const { root, first, second } = await ladder();
      return {
        ...{ bundlePem: pems(root, first), sentPem: pems(second), depth: 2 },
        client: await clientOf(second),
      };
    },
  },
  {
    name: 'a root that only ssl_trusted_certificate holds',
    verdict: 'accepted',
    make: async () => {
      const { root } = await ladder();
      const other = await makeCa({ commonName: 'other' });
      return { bundlePem: pems(other), trustedPem: pems(root), client: await clientOf(root) };
    },
  },
  {
    name: 'an intermediate in ssl_trusted_certificate and its root in the bundle',
    verdict: 'accepted',
    make: async () => {
      const { root, first } = await ladder();
      return { bundlePem: pems(root), trustedPem: pems(first), client: await clientOf(first) };
    },
  },
  {
    name: 'a root in a trusted file with a byte order mark, behind a bundle that ends in a comment',
    verdict: 'accepted',
    make: async () => {
      const { root } = await ladder();
      const other = await makeCa({ commonName: 'other' });
      return {
        ...{ bundlePem: `${pems(other)}# the end`, trustedPem: `\uFEFF${pems(root)}` },
        client: await clientOf(root),
      };
    },
  },
  {
    name: 'an intermediate in the file of the client, behind its own certificate',
    verdict: 'accepted',
    make: async () => {
      const { root, first } = await ladder();
      const { certificatePem, privateKeyPem } = await clientOf(first);
      const client = { certificatePem: certificatePem + first.certificatePem, privateKeyPem };
      return { bundlePem: pems(root), client };
    },
  },
  {
    name: 'a client that a CRL within the bundle revokes (nginx looks at ssl_crl only)',
    verdict: 'accepted',
    make: async () => {
      const { root } = await ladder();
      const client = await clientOf(root);
      return { bundlePem: pems(root) + (await revocationList(root, { revoked: [client] })), client };
    },
  },
  {
    name: 'a root that neither file holds',
    verdict: 'refused',
    make: async () => {
      const { root } = await ladder();
      const other = await makeCa({ commonName: 'other' });
      return { bundlePem: pems(other), trustedPem: pems(other), client: await clientOf(root) };
    },
  },
  {
    name: 'the client certificate itself in the bundle, without its issuer',
    verdict: 'refused',
    make: async () => {
      const client = await clientOf(await makeCa({ commonName: 'root' }));
      return { bundlePem: pems(client), client };
    },
  },
  {
    name: 'a self-signed client certificate that is in the bundle',
    verdict: 'accepted',
    make: async () => {
      const client = await selfSignedClient();
      return { bundlePem: pems(client), client };
    },
  },
  {
    name: 'a self-signed client certificate that is not in the bundle',
    verdict: 'refused',
    make: async () => ({
      bundlePem: pems(await makeCa({ commonName: 'root' })),
      client: await selfSignedClient(),
    }),
  },
  {
    name: 'the root behind a generation marker',
    verdict: 'accepted',
    make: async () => {
      const { bundlePem, client } = await rooted({})();
      return {
        bundlePem: (await new X509Mint().marker('windlass a generation 1 0123456789ab')) + bundlePem,
        client,
      };
    },
  },
];
