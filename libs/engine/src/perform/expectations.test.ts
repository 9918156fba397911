import { beforeAll, describe, expect, it } from 'vitest';
import type { HostEffect } from '#rotation';
import type { IssuedLeaf } from '../ports/ca-source.js';
import type { Generation } from '../ports/fleet-store.js';
import { Secret } from '../ports/secret.js';
import type { EffectContext } from './context.js';
import { expectations, leafExpectation } from './expectations.js';
import { mint } from './minted-ca.fixture.js';

const NOW = Date.parse('2026-11-29T00:00:00Z');
const SERVING = {} as Generation;

let inDate: IssuedLeaf;
let expired: IssuedLeaf;

beforeAll(async () => {
  const leaf = async (notAfter: number): Promise<IssuedLeaf> => {
    const { pem } = await mint(NOW, { name: 'CN=a client', ca: false, notAfter });
    return { certificatePem: pem, chainPem: '', privateKey: new Secret('k'), issuerPem: '' };
  };
  [inDate, expired] = [await leaf(NOW + 60_000), await leaf(NOW - 60_000)];
});

/** `recent` is what was read a moment ago, where that is something else. */
function contextWith(leaves: { old: IssuedLeaf; new: IssuedLeaf }, recent = leaves): EffectContext {
  return {
    ports: { clock: { now: () => NOW }, rotations: { leaf: async (_: string, role: 'old') => leaves[role] } },
    recent: { leaf: async (_: string, role: 'old') => recent[role] },
    fleet: { id: 'f', samples: [], revocation: 'none' },
    state: {
      snapshot: { rotationId: 'r', strategy: 'overlap', contractWhen: 'soaked' },
      ...{ phase: 'contract', attempt: { contract: 1 }, effects: new Map(), decisions: new Map() },
    },
  } as unknown as EffectContext;
}

const asked = async (context: EffectContext, transition: 'expand' | 'contract', side: 'near' | 'far') => {
  const effect = { transition, hostId: 'a' } as HostEffect;
  return (await expectations(context, effect, side, SERVING)).map(({ who, verdict }) => `${who} ${verdict}`);
};

describe('a probe leaf that a rotation outlived', () => {
  it('keeps nobody from going back: it is handed on, so that the proof says that it was not asked', async () => {
    const context = contextWith({ old: expired, new: expired });
    expect(await asked(context, 'expand', 'near')).toEqual(['a client of the old CA accepted']);
    expect(await asked(context, 'contract', 'near')).toEqual([
      'a client of the old CA accepted',
      'a client of the new CA accepted',
    ]);
  });

  it('of the old CA keeps nobody from dropping it: no other one could be made', async () => {
    expect(await asked(contextWith({ old: expired, new: inDate }), 'contract', 'far')).toEqual([
      'a client of the old CA refused',
      'a client of the new CA accepted',
    ]);
  });

  it('fails a proof that needs it where another one can be made', async () => {
    const problem = { problem: { code: 'probe.identity-expired' } };
    const old = contextWith({ old: expired, new: inDate });
    await expect(asked(old, 'expand', 'far')).rejects.toMatchObject(problem);
    const fresh = contextWith({ old: inDate, new: expired });
    await expect(asked(fresh, 'contract', 'far')).rejects.toMatchObject(problem);
    await expect(leafExpectation(fresh, 'new', 'accepted')).rejects.toMatchObject(problem);
  });

  it('and was replaced a moment ago is not held against anybody', async () => {
    const context = contextWith({ old: inDate, new: inDate }, { old: expired, new: expired });
    expect(await leafExpectation(context, 'new', 'accepted')).toMatchObject({ identity: inDate });
  });
});
