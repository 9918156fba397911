import { describe, expect, it } from 'vitest';
import { OpensslChainVerifier } from '#certificates';
import { advise } from '#engine';
import { describeChange, type KnownMaterial, parseBundle } from '#trust';
import { revocationList } from '../kit/crl.js';
import { makeCa, type TestCertificate } from '../kit/pki.js';
import {
  type ClientChain,
  clientOf,
  ladder,
  oneKeyTwoRoots,
  pems,
  questionOf,
  twins,
} from './client-chains.js';

const DAY = 86_400_000;
const verifier = OpensslChainVerifier.local();

function known(certificates: readonly TestCertificate[], crls: readonly string[] = []): KnownMaterial {
  return { certificates: parseBundle(pems(...certificates)).certificates, crls };
}

async function adviceFor(chain: ClientChain, material: KnownMaterial) {
  const question = questionOf(chain);
  return advise(verifier, question, await verifier.verify(question), material);
}

/** What is advised, or null when nothing would do. */
async function advised(chain: ClientChain, material = known([])): Promise<readonly string[] | null> {
  const { changes } = await adviceFor(chain, material);
  return changes?.map(describeChange) ?? null;
}

describe('the smallest change that lets a client in', () => {
  it('is none for a client that gets in', async () => {
    const { root } = await ladder();
    const chain = { bundlePem: pems(root), client: await clientOf(root) };
    expect(await adviceFor(chain, known([]))).toEqual({ reasons: [], changes: [] });
  });

  it('is the root that the bundle lacks, and not the other one that is known', async () => {
    const { root } = await ladder();
    const other = await makeCa({ commonName: 'other' });
    const chain = { bundlePem: pems(other), client: await clientOf(root) };
    expect(await advised(chain, known([await makeCa({ commonName: 'third' }), root]))).toEqual([
      'add CN=root to the bundle',
    ]);
    expect(await advised(chain)).toBeNull();
  });

  it('is an intermediate that the client sends, before one that everybody trusts', async () => {
    const { root, first } = await ladder();
    const chain = { bundlePem: pems(root), client: await clientOf(first) };
    expect(await advised(chain, known([root, first]))).toEqual(['let the client send CN=first']);
  });

  it('is just the depth that the chain needs', async () => {
    const { root, first, second } = await ladder();
    const chain = { bundlePem: pems(root), sentPem: pems(second, first), client: await clientOf(second) };
    expect(await advised({ ...chain, depth: 0 })).toEqual(['set ssl_verify_depth to 2']);
  });

  it('is another order where the first of two CAs with one name is taken', async () => {
    const [old, rekeyed] = await twins({ keyIdentifiers: false });
    const client = await clientOf(rekeyed, { keyIdentifiers: false });
    expect(await advised({ bundlePem: pems(old, rekeyed), client })).toEqual([
      'move CN=twin to the front of the bundle',
    ]);
  });

  it('is another order of what the client sends where the first is a dead end', async () => {
    const { root, issuing, elsewhere } = await oneKeyTwoRoots();
    const client = await clientOf(issuing);
    expect(await advised({ bundlePem: pems(root), sentPem: pems(elsewhere, issuing), client })).toEqual([
      'let the client send CN=issuing right behind its own certificate',
    ]);
  });

  it('is a current CRL', async () => {
    const { root } = await ladder();
    const stale = await revocationList(root, {
      thisUpdate: Date.now() - 9 * DAY,
      nextUpdate: Date.now() - DAY,
    });
    const chain = { bundlePem: pems(root), client: await clientOf(root), crlPem: stale };
    const material = known(
      [],
      [await revocationList(await makeCa({ commonName: 'x' })), await revocationList(root)],
    );
    expect(await advised(chain, material)).toEqual(['add the current CRL to the file of ssl_crl']);
    expect((await adviceFor(chain, known([]))).reasons[0]?.what).toContain('is stale');
  });

  it('is several together where one does not do', async () => {
    const { root, first, second } = await ladder();
    const other = await makeCa({ commonName: 'other' });
    const chain = { bundlePem: pems(other), client: await clientOf(second) };
    const changes = await advised(chain, known([root, first, second]));
    expect(changes?.toSorted()).toEqual([
      'add CN=root to the bundle',
      'let the client send CN=first',
      'let the client send CN=second',
      'set ssl_verify_depth to 2',
    ]);
  });

  it('leaves out what turned out to be needless', async () => {
    const { root, first, second } = await ladder();
    const third = await second.issueIntermediate({ commonName: 'third' });
    const chain = { bundlePem: pems(root), sentPem: pems(third), depth: 0, client: await clientOf(third) };
    const changes = await advised(chain, known([root, first, second]));
    expect(changes?.filter((change) => change.includes('depth'))).toEqual(['set ssl_verify_depth to 3']);
    expect(changes).toHaveLength(3);
  });

  it('is none that nginx can make for a client that expired: it says why', async () => {
    const { root } = await ladder();
    const client = await clientOf(root, { notBefore: Date.now() - 9 * DAY, notAfter: Date.now() - DAY });
    const advice = await adviceFor({ bundlePem: pems(root), client }, known([root]));
    expect(advice).toEqual({
      reasons: [{ what: 'the client certificate CN=client has expired', nextStep: 'have it issued again' }],
      changes: null,
    });
  });
});
