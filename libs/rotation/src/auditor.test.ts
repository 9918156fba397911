import { describe, expect, it } from 'vitest';
import { audit } from './audit.js';
import { type Broken, begin, brokenBy, journalOf, outcome, renew } from './broken-journal.fixture.js';
import { BROKEN } from './broken-journals.fixture.js';
import { INVARIANTS } from './invariants.js';
import { LIVES, REASON, statesOf } from './lives.fixture.js';
import { Rehearsal } from './rehearsal.js';

describe('a journal with one entry that must never be', () => {
  it.each(BROKEN.map((row) => ({ row, breaks: row[0], by: row[1] })))('$breaks: $by', ({ row, breaks }) => {
    expect(brokenBy(row)).toEqual([breaks]);
  });

  it('has a journal for every invariant that is asserted in the journal', () => {
    const asserted = Object.entries(INVARIANTS).filter(([, { asserted }]) => asserted === 'journal');
    const tried = new Set(BROKEN.map(([invariant]) => invariant));
    expect(tried).toEqual(new Set(asserted.map(([name]) => name)));
  });
});

describe('journals that the rules allow', () => {
  it.each(LIVES.map((live, index) => ({ live, index })))('life $index audits clean', ({ live }) => {
    const life = live();
    statesOf(life);
    expect(audit(life.entries)).toEqual([]);
  });

  it('`keep` for hosts that were kept waiting is no breach of I10', () => {
    const write = [renew(2), renew(3, ['b', 'c']), outcome('keep')];
    const entries = journalOf(['I10', '', 'keep expand.1', write, { later: 120_000 }]);
    expect(audit(entries)).toEqual([]);
  });

  it('an abort in time and a pause at any time are no breach', () => {
    const life = new Rehearsal();
    life.run((state) => state.decisions.has('go/expand.1/0'));
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    life.append({ type: 'abort.requested', by: 'person', because: 'wrong window' });
    life.run();
    expect(audit(life.entries)).toEqual([]);
  });

  it('knows no host that is not in the snapshot', () => {
    const row: Broken = ['I4', '', 'go expand.1/0', [begin('expand.1/host.commit/z', 1)]];
    expect(() => brokenBy(row)).toThrow(/host z is not part of rotation/);
  });
});
