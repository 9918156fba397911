import { approved, type Broken, decide, done } from './broken-journal.fixture.js';
import type { RotationEventBody } from './events.js';

const contract = decide({ kind: 'contract', attempt: 1 });
const given = approved.flatMap(({ event }) => {
  const body = event as unknown as RotationEventBody;
  return body.type === 'contract.approved' ? [body] : [];
})[0];
const approve = (by: string, digest = given?.digest ?? ''): RotationEventBody => ({
  ...{ type: 'contract.approved', by, digest },
});
const unapproved = { life: approved, without: 'contract.approved' };

/** A contract that no second person approved of as it is (I14). */
export const BROKEN_APPROVALS: readonly Broken[] = [
  ['I14', 'a contract that nobody approved', 'contract .1', [contract], unapproved],
  [
    'I14',
    'a contract that only the one approved who asked for it',
    'contract .1',
    [approve('test'), contract],
    unapproved,
  ],
  [
    'I14',
    'a contract whose approval is of another change',
    'contract .1',
    [approve('second person', 'f'.repeat(64)), contract],
    unapproved,
  ],
  [
    'I14',
    'a contract whose change is another one than when it was approved',
    'contract .1',
    [
      { type: 'effect.intended', effect: { id: 'generations.build', kind: 'generations.build' }, term: 1 },
      { ...done('generations.build'), result: { trustDiff: '+0 -1 anchors' } } as RotationEventBody,
      contract,
    ],
    { life: approved },
  ],
];
