import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainCheck } from './chain-check.js';
import { type AuditEntry, type AuditFact, type AuditHead, GENESIS } from './entry.js';
import { exportLine, readExportLine } from './export-line.js';
import { hashOf, linked } from './hash.js';

const AT = '2026-11-29T12:00:00.000Z';

function aFact(over: Partial<AuditFact> = {}): AuditFact {
  return {
    ...{ id: randomUUID(), stage: 'outcome', outcome: 'succeeded', operation: 'pauseRotation' },
    ...{ actor: 'api-key:1', actorLabel: 'ana', actorRole: 'operator', subjects: ['rotation:1'] },
    ...{ requestId: 'r', reason: 'to see', address: '127.0.0.1', details: { fields: ['reason'] } },
    ...over,
  };
}

const aChain = (length: number): AuditEntry[] => [
  ...linked(
    Array.from({ length }, () => aFact()),
    { count: 0, hash: GENESIS },
    AT,
  ),
];

const headOf = (chain: readonly AuditEntry[]): AuditHead => {
  const last = chain.at(-1);
  return { count: last?.number ?? 0, hash: last?.hash ?? GENESIS };
};

function check(
  chain: readonly AuditEntry[],
  { recorded = headOf(chain), expected = null as AuditHead | null },
) {
  const one = new ChainCheck(expected);
  for (const entry of chain) one.take(entry);
  return one.end(recorded);
}

/** A chain that somebody wrote anew from an entry on, every hash right. */
const rewritten = (chain: readonly AuditEntry[], from: number): AuditEntry[] => {
  const kept = chain.slice(0, from - 1);
  const facts = chain.slice(from - 1).map(({ number, at, hash, previousHash, ...fact }) => ({
    ...fact,
    actor: 'api-key:2',
  }));
  return [...kept, ...linked(facts, headOf(kept), AT)];
};

describe('a chain', () => {
  it.each([0, 1, 7])('of %i entries as they were written is whole, and says where it ends', (length) => {
    const chain = aChain(length);
    expect(check(chain, {})).toEqual({ head: headOf(chain), fault: null });
    expect(check(chain, { expected: headOf(chain.slice(0, 3)) }).fault).toBeNull();
  });

  it('has the hash that anybody gets from RFC 8785 and SHA-256', () => {
    const [entry] = linked([aFact({ id: '0', details: { b: 1, a: 'ö' } })], { count: 0, hash: GENESIS }, AT);
    // Python: sha256(json.dumps(entry, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode())
    expect(entry?.hash).toBe('ea97a33429883e77a1d3832de1a9b3bd2dd5ddd9b0190b2ab7bdd842eeb95052');
  });

  it.each<[string, (chain: AuditEntry[]) => AuditEntry[], number, string]>([
    ['changed', (chain) => chain.with(2, { ...chain[2], actor: 'api-key:9' } as AuditEntry), 3, 'changed'],
    ['taken out', (chain) => chain.toSpliced(2, 1), 3, 'missing'],
    ['taken out at the beginning', (chain) => chain.slice(2), 1, 'missing'],
    ['moved', (chain) => [0, 2, 1, 3].map((place) => chain[place] as AuditEntry), 2, 'missing'],
    ['doubled', (chain) => chain.toSpliced(2, 0, chain[1] as AuditEntry), 3, 'reordered'],
    [
      'changed with a hash that fits',
      (chain) => {
        const other = { ...chain[1], actor: 'api-key:9' } as AuditEntry;
        return chain.with(1, { ...other, hash: hashOf(other) });
      },
      ...([3, 'unlinked'] as const),
    ],
    ['cut off', (chain) => chain.slice(0, 2), 3, 'truncated'],
    ['all cut off', () => [], 1, 'truncated'],
  ])('with an entry %s', (_, tamper, number, kind) => {
    const chain = aChain(4);
    expect(check(tamper(chain), { recorded: headOf(chain) }).fault).toMatchObject({ number, kind });
  });

  it('that was cut off together with its head shows that to who kept the head', () => {
    const chain = aChain(4);
    const cut = chain.slice(0, 2);
    expect(check(cut, {}).fault).toBeNull();
    expect(check(cut, { expected: headOf(chain) }).fault).toMatchObject({ number: 3, kind: 'truncated' });
  });

  it('that was written anew with every hash right shows that to who kept a head, and to nobody else', () => {
    const chain = aChain(6);
    const other = rewritten(chain, 2);
    expect(check(other, {}).fault).toBeNull();
    const kept = headOf(chain.slice(0, 4));
    expect(check(other, { expected: kept }).fault).toMatchObject({ number: 4, kind: 'other-history' });
  });

  it('that goes on behind its head shows that', () => {
    const chain = aChain(4);
    const recorded = headOf(chain.slice(0, 3));
    expect(check(chain, { recorded }).fault).toMatchObject({ number: 4, kind: 'other-history' });
  });

  it('is not whole once any one field of any entry is another', () => {
    const chain = aChain(5);
    fc.assert(
      fc.property(fc.nat(4), fc.constantFrom(...Object.keys(chain[0] ?? {})), (place, field) => {
        const entry = chain[place] as AuditEntry & Record<string, unknown>;
        const other = { ...entry, [field]: field === 'number' ? 99 : 'another' } as AuditEntry;
        expect(check(chain.with(place, other), { recorded: headOf(chain) }).fault).not.toBeNull();
      }),
    );
  });

  it('is whole again when it comes back from an export, whatever people wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (reasons) => {
        const facts = reasons.map((reason) => aFact({ reason, details: { [reason || 'x']: reason } }));
        const chain = linked(facts, { count: 0, hash: GENESIS }, AT);
        const lines = chain.map(exportLine);
        expect(lines.every((line) => !line.includes('\n'))).toBe(true);
        expect(check(lines.map(readExportLine), {}).fault).toBeNull();
      }),
    );
  });
});

describe('a line of an export', () => {
  it.each([
    ['', 'no JSON'],
    ['{"number":1', 'no JSON'],
    ['7', 'no JSON object'],
    ['{}', 'no number'],
    ['{"number":1}', 'no hashes'],
  ])('%j is refused: %s', (line, why) => {
    expect(() => readExportLine(line)).toThrow(why);
  });
});
