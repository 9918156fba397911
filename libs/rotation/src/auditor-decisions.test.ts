import { describe, expect, it } from 'vitest';
import {
  abort,
  type Broken,
  begin,
  brokenBy,
  decide,
  go,
  outcome,
  reverted,
} from './broken-journal.fixture.js';

const DECIDED: readonly Broken[] = [
  ['I4', '`go` decided twice', 'begin expand.1/host.commit/a', [go(0)]],
  ['I4', '`keep` decided twice', 'begin expand.1/host.confirm/a', [outcome('keep')]],
  [
    'I4',
    '`activate` decided twice',
    'begin activate.1/ca.allow-new',
    [decide({ kind: 'activate', attempt: 1 })],
  ],
  ['I4', '`revert` behind `keep`', 'begin expand.1/host.confirm/a', [outcome('revert')]],
  ['I4', '`keep` behind `revert`', 'begin expand.1/host.revert/a', [outcome('keep')], { life: reverted }],
  ['I4', '`go` behind `revert`', 'begin expand.1/host.revert/a', [go(1)], { life: reverted }],
  ['I4', '`refuse` behind `go`', 'begin expand.1/host.commit/a', [outcome('refuse')]],
  ['I4', '`keep` without proof', 'begin expand.1/host.prove/c', [outcome('keep')]],
  ['I4', '`keep` behind an abort', 'keep expand.1', [abort, outcome('keep')]],
  ['I4', 'an abort behind `keep`', 'begin expand.1/host.confirm/a', [abort]],
  ['I4', 'an abort behind `revert`', 'begin expand.1/host.revert/a', [abort], { life: reverted }],
  ['I4', 'an abort behind `refuse`', 'go expand.1/0', [outcome('refuse'), abort]],
  ['I4', 'a switch before `go`', 'go expand.1/0', [begin('expand.1/host.commit/a')]],
  [
    'I4',
    'a switch on the `go` of another wave',
    'begin expand.1/host.commit/a',
    [begin('expand.1/host.commit/b')],
  ],
  [
    'I4',
    'a switch without a vote',
    'begin expand.1/host.commit/a',
    [begin('expand.1/host.commit/a')],
    { without: 'done expand.1/host.stage/a' },
  ],
  ['I4', 'a switch behind `keep`', 'begin expand.1/host.confirm/a', [begin('expand.1/host.commit/a')]],
  ['I4', 'a confirm before `keep`', 'keep expand.1', [begin('expand.1/host.confirm/a')]],
  ['I4', 'a reconcile before `keep`', 'keep expand.1', [begin('contract.1/host.reconcile/a')]],
  ['I4', 'a revert before `revert`', 'keep expand.1', [begin('expand.1/host.revert/a')]],
  [
    'I4',
    'a look at the way back before `revert`',
    'keep expand.1',
    [begin('expand.1/host.prove-reverted/a')],
  ],
  ['I4', 'the CA let loose before `activate`', 'activate .1', [begin('activate.1/ca.allow-new')]],
  [
    'I4',
    'the CA let loose by the `activate` of another try',
    'begin activate.1/ca.allow-new',
    [begin('activate.2/ca.allow-new')],
  ],
  [
    'I4',
    'a contract without `contract`',
    'begin contract.1/host.commit/a',
    [begin('contract.1/host.commit/a')],
    { without: 'contract .1' },
  ],
];

describe('a decision that is written twice, too late, or after what it is for (I4)', () => {
  it.each(DECIDED.map((row) => ({ row, breaks: row[0], by: row[1] })))('$breaks: $by', ({ row, breaks }) => {
    expect(brokenBy(row)).toEqual([breaks]);
  });
});
