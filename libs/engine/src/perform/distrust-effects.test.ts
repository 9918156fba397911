import { beforeAll, describe, expect, it } from 'vitest';
import { anchorId, anchorsOf, composeGeneration, parseBundle } from '#trust';
import type { EffectContext } from './context.js';
import { stopIssuing } from './distrust-effects.js';
import { type MintedCa, mint } from './minted-ca.fixture.js';

const NOW = Date.parse('2026-11-24T00:00:00Z');

let stolen: MintedCa;
/** A CA that the stolen one signed. */
let below: MintedCa;
let other: MintedCa;
beforeAll(async () => {
  [stolen, other] = (await Promise.all(['CN=Stolen', 'CN=Other'].map((name) => mint(NOW, { name })))) as [
    MintedCa,
    MintedCa,
  ];
  below = await mint(NOW, { name: 'CN=Below', by: stolen });
});

/** A distrust of the stolen one at a CA that has both, and what was taken from them. */
function distrusting(byHand: boolean) {
  const taken: string[] = [];
  const issuers = [stolen, below, other].map(({ pem: certificatePem, name }) => ({
    id: name,
    name,
    certificatePem,
  }));
  const [anchor] = anchorsOf(parseBundle(stolen.pem));
  const ca = {
    survey: async () => ({ issuers, ...(byHand ? { byHand } : {}) }),
    setIssuing: async (_ca: unknown, id: string) => void taken.push(id),
  };
  const old = composeGeneration({
    anchorsPem: [stolen, below, other].map(({ pem }) => pem),
    markerPem: null,
  });
  const snapshot = { distrusted: anchor ? [anchorId(anchor)] : [], old, otherFleets: [], waves: [] };
  const context = {
    ports: { ca, fleets: { generation: async () => old } },
    ...{ fleet: { issuingCa: {} }, state: { snapshot } },
  } as unknown as EffectContext;
  return { context, taken };
}

describe('a distrusted CA', () => {
  it('is kept from issuing, with those that lose their root by it', async () => {
    const { context, taken } = distrusting(false);
    expect(await stopIssuing(context)).toEqual({ stopped: ['CN=Stolen', 'CN=Below'] });
    expect(taken).toEqual(['CN=Stolen', 'CN=Below']);
  });

  it('is not said to be where only a person can do it', async () => {
    const { context, taken } = distrusting(true);
    expect(await stopIssuing(context)).toEqual({ stopped: [], byHand: ['CN=Stolen', 'CN=Below'] });
    expect(taken).toEqual([]);
  });
});
