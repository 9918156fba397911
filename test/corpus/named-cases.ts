import type { ChainVerifier } from '#engine';
import { type KnownMaterial, parseBundle } from '#trust';
import { loadableTexts, unloadableTexts } from '../conformance/bundle-texts.js';
import { type ClientChain, pems, questionOf } from '../conformance/client-chains.js';
import { PLACES } from '../conformance/client-chains.places.js';
import { PROPERTIES } from '../conformance/client-chains.properties.js';
import { REVOCATION } from '../conformance/client-chains.revocation.js';
import { TWINS } from '../conformance/client-chains.twins.js';
import { revocationList } from '../kit/crl.js';
import { makeCa, type TestCa, withItsCas } from '../kit/pki.js';
import type { DrawnChain } from './random-chain.js';

/** X509_V_ERR_CERT_REVOKED */
const REVOKED = 23;

/** Every situation that has a name in test/conformance, and what can be known of it. */
export async function namedCases(verifier: ChainVerifier): Promise<readonly DrawnChain[]> {
  const cases: DrawnChain[] = [];
  for (const { name, make } of [...PLACES, ...PROPERTIES, ...TWINS, ...REVOCATION]) {
    const { result: chain, cas } = await withItsCas(make);
    cases.push({ name, chain, known: await knownOf(verifier, chain, cas) });
  }
  return [...cases, ...(await texts())];
}

/** A current CRL of a CA that revoked somebody would let them in again, and is left out. */
async function knownOf(
  verifier: ChainVerifier,
  chain: ClientChain,
  cas: readonly TestCa[],
): Promise<KnownMaterial> {
  const { certificates } = parseBundle(pems(...cas));
  const verdict = await verifier.verify(questionOf(chain));
  const revoked = verdict.verdict === 'refused' && verdict.faults.some(({ code }) => code === REVOKED);
  if (chain.crlPem === undefined || revoked) return { certificates, crls: [] };
  return { certificates, crls: await Promise.all(cas.map((ca) => revocationList(ca))) };
}

async function texts(): Promise<readonly DrawnChain[]> {
  const first = await makeCa({ commonName: 'first' });
  const second = await makeCa({ commonName: 'second' });
  const client = await second.issueClient({ commonName: 'client' });
  const written = [loadableTexts, unloadableTexts].flatMap((all) =>
    all(first.certificatePem, second.certificatePem),
  );
  return written.map(({ name, text }) => ({ name: `text: ${name}`, chain: { bundlePem: text, client } }));
}
