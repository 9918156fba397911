import { ExtendedKeyUsage, KeyUsageFlags } from '@peculiar/x509';
import type { ChainQuestion } from '#trust';
import { makeCa, type TestCa, type TestCertificate } from '../kit/pki.js';

/** A client and the trust settings of the server that it comes to. */
export interface ClientChain {
  readonly bundlePem: string;
  readonly client: TestCertificate;
  readonly trustedPem?: string;
  /** `ssl_verify_depth`, nginx's default when left out. */
  readonly depth?: number;
  readonly sentPem?: string;
  /** `ssl_crl` */
  readonly crlPem?: string;
}

/** A situation and how nginx ends it, each measured by the test that runs this table. */
export interface ChainCase {
  readonly name: string;
  readonly verdict: 'accepted' | 'refused';
  readonly make: () => Promise<ClientChain>;
}

export const DAY = 86_400_000;
const { clientAuth } = ExtendedKeyUsage;

/** What the verifier is asked about such a client. */
export function questionOf(chain: ClientChain): ChainQuestion {
  return {
    bundlePem: chain.bundlePem,
    trustedPem: chain.trustedPem ?? '',
    crlPem: chain.crlPem ?? '',
    depth: chain.depth ?? 1,
    leafPem: chain.client.certificatePem,
    sentPem: chain.sentPem ?? '',
  };
}

/** root > first > second > client, each of them made for one case. */
export async function ladder() {
  const root = await makeCa({ commonName: 'root' });
  const first = await root.issueIntermediate({ commonName: 'first' });
  const second = await first.issueIntermediate({ commonName: 'second' });
  return { root, first, second };
}

export function clientOf(ca: TestCa, options: Partial<Parameters<TestCa['issueClient']>[0]> = {}) {
  return ca.issueClient({ commonName: 'client', ...options });
}

export function pems(...certificates: readonly TestCertificate[]): string {
  return certificates.map(({ certificatePem }) => certificatePem).join('');
}

/** A root and a client that differ from good ones as said. */
export function rooted(
  ca: Partial<Parameters<typeof makeCa>[0]>,
  client: Partial<Parameters<TestCa['issueClient']>[0]> = {},
): () => Promise<ClientChain> {
  return async () => {
    const root = await makeCa({ commonName: 'root', ...ca });
    return { bundlePem: root.certificatePem, client: await clientOf(root, client) };
  };
}

/** A good root whose one intermediate, which the client sends, differs from a good one as said. */
export function below(intermediate: Partial<Parameters<TestCa['issueIntermediate']>[0]>) {
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

export function past(): { notBefore: number; notAfter: number } {
  return { notBefore: Date.now() - 20 * DAY, notAfter: Date.now() - 10 * DAY };
}

export function future(): { notBefore: number; notAfter: number } {
  return { notBefore: Date.now() + 10 * DAY, notAfter: Date.now() + 20 * DAY };
}

export function selfSignedClient(): Promise<TestCa> {
  return makeCa({
    commonName: 'pinned',
    basicConstraints: { ca: false },
    keyUsage: KeyUsageFlags.digitalSignature,
    extendedKeyUsages: [clientAuth],
  });
}

export async function twins(options: { keyIdentifiers?: boolean } = {}): Promise<[TestCa, TestCa]> {
  return [await makeCa({ commonName: 'twin', ...options }), await makeCa({ commonName: 'twin', ...options })];
}

export async function crossSigned() {
  const old = await makeCa({ commonName: 'old' });
  const fresh = await makeCa({ commonName: 'new' });
  return { old, fresh, cross: await old.crossSign(fresh) };
}

/** One issuing CA with a certificate of the trusted root and one of a root that nobody trusts. */
export async function oneKeyTwoRoots() {
  const root = await makeCa({ commonName: 'root' });
  const issuing = await root.issueIntermediate({ commonName: 'issuing' });
  const elsewhere = await (await makeCa({ commonName: 'elsewhere' })).crossSign(issuing);
  return { root, issuing, elsewhere };
}
