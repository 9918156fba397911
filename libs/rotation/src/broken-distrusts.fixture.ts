import { type Broken, begin, decide, distrusted, end, go, outcome } from './broken-journal.fixture.js';

const life = { life: distrusted };

/** What must never be where an anchor is distrusted. */
export const BROKEN_DISTRUSTS: readonly Broken[] = [
  ['I12', 'a way back', 'begin contract.1/host.confirm/a', [outcome('revert', 'contract')], life],
  ['I12', 'an overlap', 'begin contract.1/host.confirm/a', [go(0)], life],
  [
    'I12',
    'the old CA let loose',
    'begin contract.1/host.confirm/a',
    [decide({ kind: 'activate', attempt: 1 })],
    life,
  ],
  ['I12', 'a refusal behind the decision', 'begin contract.1/host.confirm/a', [outcome('refuse')], life],
  ['I12', 'a host put back', 'begin contract.1/host.confirm/a', [begin('contract.1/host.revert/a')], life],
  ['I4', '`keep` before the decision', 'contract .1', [outcome('keep', 'contract')], life],
  ['I4', 'a host changed before the decision', 'keep contract.1', [begin('contract.1/host.confirm/a')], life],
  [
    'I3',
    'success without one host',
    'rotation.ended',
    [end('succeeded')],
    { ...life, without: 'done contract.1/host.confirm/b' },
  ],
  [
    'I8',
    'success while the distrusted CA may issue',
    'rotation.ended',
    [end('succeeded')],
    { ...life, without: 'done ca.stop-issuing' },
  ],
];
