import { ExtendedKeyUsage, KeyUsageFlags } from '@peculiar/x509';
import { X509Mint } from '#certificates';
import { makeCa, type TestCa, type TestCertificate } from '../kit/pki.js';
import { revocationList } from './odd-certificates.js';

/** A client and the trust settings of the server that it comes to. */
export interface ClientChain {
  readonly bundlePem: string;
  readonly client: TestCertificate;
  readonly trustedPem?: string;
  /** `ssl_verify_depth`, nginx's default when left out. */
  readonly depth?: number;
  readonly sentPem?: string;
}

/** A situation and how nginx ends it, each measured by the test that runs this table. */
export interface ChainCase {
  readonly name: string;
  readonly verdict: 'accepted' | 'refused';
  readonly make: () => Promise<ClientChain>;
}

const DAY = 86_400_000;
const { clientAuth, serverAuth } = ExtendedKeyUsage;
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

/** root > first > second > client, each of them made for one case. */
async function ladder() {
  const root = await makeCa({ commonName: 'root' });
  const first = await root.issueIntermediate({ commonName: 'first' });
  const second = await first.issueIntermediate({ commonName: 'second' });
  return { root, first, second };
}

function clientOf(ca: TestCa, options: Partial<Parameters<TestCa['issueClient']>[0]> = {}) {
  return ca.issueClient({ commonName: 'client', ...options });
}

function pems(...certificates: readonly TestCertificate[]): string {
  return certificates.map(({ certificatePem }) => certificatePem).join('');
}

/** A root and a client that differ from good ones as said. */
function rooted(
  ca: Partial<Parameters<typeof makeCa>[0]>,
  client: Partial<Parameters<TestCa['issueClient']>[0]> = {},
): () => Promise<ClientChain> {
  return async () => {
    const root = await makeCa({ commonName: 'root', ...ca });
    return { bundlePem: root.certificatePem, client: await clientOf(root, client) };
  };
}

/** A good root whose one intermediate, which the client sends, differs from a good one as said. */
function below(intermediate: Partial<Parameters<TestCa['issueIntermediate']>[0]>) {
  return async (): Promise<ClientChain> => {
    const root = await makeCa({ commonName: 'root' });
    const issuing = await root.issueIntermediate({ commonName: 'issuing', ...intermediate });
    return {
      bundlePem: root.certificatePem,
      sentPem: issuing.certificatePem,
      client: await clientOf(issuing),
    };
  };
}

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
      return { bundlePem: pems(root) + (await revocationList(root, client)), client };
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

function past(): { notBefore: number; notAfter: number } {
  return { notBefore: Date.now() - 20 * DAY, notAfter: Date.now() - 10 * DAY };
}

function future(): { notBefore: number; notAfter: number } {
  return { notBefore: Date.now() + 10 * DAY, notAfter: Date.now() + 20 * DAY };
}

function selfSignedClient(): Promise<TestCa> {
  return makeCa({
    commonName: 'pinned',
    basicConstraints: { ca: false },
    keyUsage: KeyUsageFlags.digitalSignature,
    extendedKeyUsages: [clientAuth],
  });
}

async function twins(options: { keyIdentifiers?: boolean } = {}): Promise<[TestCa, TestCa]> {
  return [await makeCa({ commonName: 'twin', ...options }), await makeCa({ commonName: 'twin', ...options })];
}

async function crossSigned() {
  const old = await makeCa({ commonName: 'old' });
  const fresh = await makeCa({ commonName: 'new' });
  return { old, fresh, cross: await old.crossSign(fresh) };
}

/** One issuing CA with a certificate of the trusted root and one of a root that nobody trusts. */
async function oneKeyTwoRoots() {
  const root = await makeCa({ commonName: 'root' });
  const issuing = await root.issueIntermediate({ commonName: 'issuing' });
  const elsewhere = await (await makeCa({ commonName: 'elsewhere' })).crossSign(issuing);
  return { root, issuing, elsewhere };
}
