import { describe, expect, it } from 'vitest';
import { mayOf } from './may.js';

const granted = (role: 'viewer' | 'operator' | 'approver' | 'admin', fleets: string[] | null) =>
  Object.entries(mayOf({ roles: [role], fleets }))
    .filter(([, may]) => may)
    .map(([what]) => what);

describe('what is offered to', () => {
  it.each([
    ['viewer', null, ['readWebhooks']],
    ['operator', null, ['change', 'addFleets', 'readWebhooks']],
    ['approver', null, ['approve', 'readAudit', 'readWebhooks']],
    [
      'admin',
      null,
      ['change', 'approve', 'addFleets', 'readAudit', 'keepKeys', 'readWebhooks', 'keepWebhooks'],
    ],
    ['operator', ['a'], ['change']],
    ['admin', ['a'], ['change', 'approve']],
  ] as const)('a key of the role %s, confined to %j, is %j', (role, fleets, what) => {
    expect(granted(role, fleets === null ? null : [...fleets])).toEqual(what);
  });

  it('a token with several roles is what each of them may', () => {
    const both = mayOf({ roles: ['operator', 'approver'], fleets: null });
    expect(both).toMatchObject({ change: true, readAudit: true, keepKeys: false });
  });
});
