import { type Broken, begin, decide, go, lifeOf } from './broken-journal.fixture.js';
import { refreshLife } from './refreshes.fixture.js';

/** Three hours of soak and no gate, with other CRLs after the first hour. */
const life = lifeOf(
  refreshLife({
    finds: (look) => look === 1,
    instead: { contractWhen: 'soaked', soakSeconds: 3 * 3600 },
  }),
);
const contract = decide({ kind: 'contract', attempt: 1 });

/** Journals in which an exchange of CRLs and something else get into each other's way. */
export const BROKEN_REFRESHES: readonly Broken[] = [
  [
    'I2',
    'a stage of the contract while hosts are between two overlaps',
    'begin refresh.1/host.confirm/b',
    [begin('contract.1/host.stage/a')],
    { life },
  ],
  ['I7', '`contract` while hosts are between two overlaps', 'keep refresh.1', [contract], { life }],
  [
    'I7',
    '`contract` while a host did not confirm its other CRLs',
    'contract .1',
    [contract],
    { life, without: 'done refresh.1/host.confirm/b' },
  ],
  [
    'I2',
    'other CRLs while the old CA is being dropped',
    'begin contract.1/host.commit/a',
    [go(0, 'refresh', 2)],
    { life },
  ],
  [
    'I2',
    'a vote on other CRLs before every host confirmed',
    'begin expand.1/host.confirm/c',
    [begin('refresh.1/host.stage/a')],
    { life },
  ],
  [
    'I4',
    'a switch to other CRLs before its `go`',
    'go refresh.1/0',
    [begin('refresh.1/host.commit/a')],
    { life },
  ],
  [
    'I4',
    'a confirmation of other CRLs before `keep`',
    'keep refresh.1',
    [begin('refresh.1/host.confirm/a')],
    { life },
  ],
  [
    'I4',
    '`keep` of other CRLs without a proof',
    'keep refresh.1',
    [decide({ kind: 'keep', transition: 'refresh', attempt: 1 })],
    { life, without: 'done refresh.1/host.prove/c' },
  ],
  [
    'I4',
    '`revert` of other CRLs behind `keep`',
    'begin refresh.1/host.confirm/a',
    [decide({ kind: 'revert', transition: 'refresh', attempt: 1 })],
    { life },
  ],
];
