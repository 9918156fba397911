import { describe, expect, it } from 'vitest';
import { audit } from './auditor.js';
import {
  type Broken,
  begin,
  brokenBy,
  decide,
  done,
  end,
  go,
  journalOf,
  outcome,
  renew,
  reverted,
  take,
} from './broken-journal.fixture.js';
import { INVARIANTS } from './invariants.js';
import { LIVES, REASON, statesOf } from './lives.fixture.js';
import { Rehearsal } from './rehearsal.js';

const confirmed = { without: 'done expand.1/host.confirm/b' };

const BROKEN: readonly Broken[] = [
  ['I2', 'a stage before the fleet kept the overlap', 'keep expand.1', [begin('contract.1/host.stage/a')]],
  [
    'I2',
    'a stage before every host confirmed',
    'begin expand.1/host.confirm/c',
    [begin('contract.1/host.stage/a')],
  ],
  [
    'I2',
    'a switch while a host did not confirm',
    'begin contract.1/host.commit/a',
    [begin('contract.1/host.commit/a')],
    confirmed,
  ],
  [
    'I3',
    'success without one host',
    'rotation.ended',
    [end('succeeded')],
    { without: 'done contract.1/host.confirm/b' },
  ],
  ['I3', 'success before the contract', 'contract .1', [end('succeeded')]],
  [
    'I3',
    'reverted without one host',
    'rotation.ended',
    [end('reverted')],
    { life: reverted, without: 'done expand.1/host.prove-reverted/c' },
  ],
  [
    'I3',
    'reverted without a decision',
    'rotation.ended',
    [end('reverted')],
    { life: reverted, without: 'revert expand.1' },
  ],
  ['I3', 'reverted after `activate`', 'begin activate.1/ca.allow-new', [end('reverted')]],
  ['I3', 'refused after `go`', 'begin expand.1/host.commit/a', [end('refused')]],
  ['I3', 'cancelled after `go`', 'begin expand.1/host.commit/a', [end('cancelled')]],
  ['I6', 'an effect begun twice at once', 'done expand.1/host.commit/a', [begin('expand.1/host.commit/a')]],
  ['I6', 'an outcome without an intent', 'begin expand.1/host.commit/a', [done('expand.1/host.commit/a')]],
  [
    'I6',
    'an outcome of what was taken over',
    'done expand.1/host.commit/a',
    [take('batch/0', 9), done('expand.1/host.commit/a', 9)],
  ],
  [
    'I7',
    '`activate` while a host did not confirm',
    'activate .1',
    [decide({ kind: 'activate', attempt: 1 })],
    confirmed,
  ],
  ['I7', '`activate` before `keep`', 'keep expand.1', [decide({ kind: 'activate', attempt: 1 })]],
  [
    'I7',
    '`contract` while a host did not confirm',
    'contract .1',
    [decide({ kind: 'contract', attempt: 1 })],
    confirmed,
  ],
  ['I8', 'the new CA withdrawn behind `keep`', 'begin expand.1/host.confirm/a', [begin('ca.withdraw')]],
  [
    'I8',
    'the new CA withdrawn while one host is not observed back',
    'begin ca.withdraw',
    [begin('ca.withdraw')],
    { life: reverted, without: 'done expand.1/host.prove-reverted/c' },
  ],
  [
    'I8',
    'a contract while the old CA can issue',
    'begin contract.1/host.commit/a',
    [begin('contract.1/host.commit/a')],
    { without: 'done activate.1/ca.restrict-old' },
  ],
  [
    'I8',
    'a contract while the old CA can issue again',
    'go contract.1/0',
    [
      begin('activate.1/ca.fall-back'),
      done('activate.1/ca.fall-back'),
      go(0, 'contract'),
      begin('contract.1/host.commit/a'),
    ],
  ],
  [
    'I8',
    'the old CA let loose in mid-contract',
    'done contract.1/host.commit/a',
    [begin('activate.1/ca.fall-back')],
  ],
  ['I9', 'a term that does not grow', 'begin expand.1/host.stage/a', [take('batch/0', 2)]],
  ['I9', 'a term of another scope', 'begin expand.1/host.stage/a', [take('batch/0', 3)]],
  [
    'I9',
    'an intent under the term of another scope',
    'begin expand.1/host.commit/a',
    [begin('expand.1/host.commit/a', 1)],
  ],
  [
    'I9',
    'an intent under a term that has passed',
    'begin expand.1/host.commit/a',
    [take('batch/0', 9), begin('expand.1/host.commit/a')],
  ],
  ['I9', 'an intent under no term', 'begin expand.1/host.commit/a', [begin('expand.1/host.commit/a', null)]],
  [
    'I9',
    'a report under a term that has passed',
    'done expand.1/host.commit/a',
    [take('batch/0', 9), begin('expand.1/host.commit/a', 9), done('expand.1/host.commit/a')],
  ],
  ['I9', 'a deadline moved under a term that has passed', 'keep expand.1', [take('batch/0', 9), renew(2)]],
  ['I10', '`keep` when a host went back by itself', 'keep expand.1', [outcome('keep')], { later: 120_000 }],
  [
    'I10',
    '`keep` when only one host was kept waiting',
    'keep expand.1',
    [renew(2), outcome('keep')],
    { later: 120_000 },
  ],
  [
    'I11',
    'the new CA let loose while a host did not confirm',
    'begin activate.1/ca.allow-new',
    [begin('activate.1/ca.allow-new')],
    confirmed,
  ],
  [
    'I11',
    'the default switched while a host did not confirm',
    'begin activate.1/ca.switch-default',
    [begin('activate.1/ca.switch-default')],
    confirmed,
  ],
];

describe('a journal with one entry that must never be', () => {
  it.each(BROKEN.map((row) => ({ row, breaks: row[0], by: row[1] })))('$breaks: $by', ({ row, breaks }) => {
    expect(brokenBy(row)).toEqual([breaks]);
  });

  it('has a journal for every invariant that is asserted in the journal', () => {
    const asserted = Object.entries(INVARIANTS).filter(([, { asserted }]) => asserted === 'journal');
    const tried = new Set(['I4', ...BROKEN.map(([invariant]) => invariant)]);
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
