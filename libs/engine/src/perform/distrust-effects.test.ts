import { beforeAll, describe, expect, it } from 'vitest';
import { anchorId, anchorsOf, parseBundle } from '#trust';
import type { EffectContext } from './context.js';
import { stopIssuing } from './distrust-effects.js';
import { type MintedCa, mint } from './minted-ca.fixture.js';

const NOW = Date.parse('2026-11-24T00:00:00Z');

let stolen: MintedCa;
let other: MintedCa;
beforeAll(async () => {
  [stolen, other] = (await Promise.all(['CN=Stolen', 'CN=Other'].map((name) => mint(NOW, { name })))) as [
    MintedCa,
    MintedCa,
  ];
});

/** A distrust of the stolen one at a CA that has both, and what was taken from them. */
function distrusting(byHand: boolean) {
  const taken: string[] = [];
  const issuers = [stolen, other].map(({ pem: certificatePem, name }) => ({
    id: name,
    name,
    certificatePem,
  }));
  const [anchor] = anchorsOf(parseBundle(stolen.pem));
  const ca = {
    survey: async () => ({ issuers, ...(byHand ? { byHand } : {}) }),
    setIssuing: async (_ca: unknown, id: string) => void taken.push(id),
  };
  const state = { snapshot: { distrusted: anchor ? [anchorId(anchor)] : [] } };
  const context = { ports: { ca }, fleet: { issuingCa: {} }, state } as unknown as EffectContext;
  return { context, taken };
}

describe('a distrusted CA', () => {
  it('is kept from issuing', async () => {
    const { context, taken } = distrusting(false);
    expect(await stopIssuing(context)).toEqual({ stopped: ['CN=Stolen'] });
    expect(taken).toEqual(['CN=Stolen']);
  });

  it('is not said to be where only a person can do it', async () => {
    const { context, taken } = distrusting(true);
    expect(await stopIssuing(context)).toEqual({ stopped: [], byHand: ['CN=Stolen'] });
    expect(taken).toEqual([]);
  });
});
