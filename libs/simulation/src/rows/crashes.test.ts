import { describe, expect, it } from 'vitest';
import { decisionKey, type Scope } from '#rotation';
import { isDecision } from '../faults.js';
import { enact } from '../simulate.js';
import { count, eventsOf, expectEnd, inWorlds, isIntent, isSuccess, takeovers } from './scenario.js';

const POINTS = [
  ['an intent', isIntent(/^expand\.1\/host\.commit\/host-2/)],
  ['a vote', isSuccess(/^expand\.1\/host\.stage\/host-3/)],
  ['GO', isDecision('go', 'expand')],
  ['a report', isSuccess(/^expand\.1\/host\.commit\/host-2/)],
  ['keep', isDecision('keep', 'expand')],
  ['CONFIRM', isIntent(/^expand\.1\/host\.confirm\/host-2/)],
] as const;

describe('F01: a worker is killed', () => {
  it.each(POINTS)('at %s: the next one looks, and carries on', async (_, point) => {
    for (const scope of ['coordinator', 'batch/1'] as const satisfies Scope[]) {
      await inWorlds(
        3,
        { arrange: (world) => world.once(point, () => world.crashHolder(scope, 2_000)) },
        (enacted) => {
          expectEnd(enacted, 'succeeded', 'reverted');
          const decided = eventsOf(enacted).flatMap((event) =>
            event.type === 'decision.made' ? [decisionKey(event.decision)] : [],
          );
          expect(new Set(decided).size).toBe(decided.length);
        },
      );
    }
  });

  it('at any of its messages: every rotation ends, and no invariant is breached', async () => {
    const calm = await enact({ seed: 1, faults: [], hosts: 3, workers: 2 });
    expect(calm.result.status).toBe('succeeded');
    for (let crashAt = 1; crashAt < calm.result.boundaries; crashAt += 17) {
      const { result } = await enact({ seed: 1, faults: [], hosts: 3, workers: 2, crashAt });
      expect(result.breaches, `killed at message ${crashAt}`).toEqual([]);
    }
  }, 120_000);
});

describe('F04: all workers are killed between a decision and its first effect', () => {
  it.each([
    ['go', 'expand'],
    ['keep', 'expand'],
    ['activate', undefined],
    ['contract', undefined],
    ['go', 'contract'],
    ['keep', 'contract'],
  ] as const)('%s %s is carried on, and decided once', async (kind, transition) => {
    const decided = isDecision(kind, transition);
    await inWorlds(3, { arrange: (world) => world.once(decided, () => world.crashAll(3_000)) }, (enacted) => {
      expectEnd(enacted, 'succeeded', 'reverted');
      expect(takeovers(enacted, 'coordinator')).toBeGreaterThan(1);
      expect(count(enacted, decided)).toBe(kind === 'go' ? 2 : 1);
    });
  });
});

describe('F05: killed during the revert', () => {
  it.each([1, 2, 3, 4])('at host %i: every host goes back', async (host) => {
    await inWorlds(
      3,
      {
        arrange: (world) => {
          world.hostAt(3).troubles.reloadStuck = true;
          world.once(isIntent(new RegExp(`^expand\\.1/host\\.revert/host-${host}$`)), () => {
            world.crashAll(1_000);
            world.hostAt(3).troubles.reloadStuck = false;
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'reverted');
        expect(takeovers(enacted, 'batch/1')).toBeGreaterThan(1);
      },
    );
  });
});

describe('F43: a worker with all yes votes dies', () => {
  it('just before `go` is journalled, until the votes have expired: the hosts are asked again', async () => {
    await inWorlds(
      4,
      {
        arrange: (world) => {
          let votes = 0;
          const isLast = isSuccess(/^expand\.1\/host\.stage\//);
          world.once(
            (event) => {
              if (isLast(event)) votes += 1;
              return votes === 4;
            },
            () => world.crashAll(70_000),
          );
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(count(enacted, isIntent(/^expand\.1\/host\.stage\//))).toBeGreaterThan(4);
      },
    );
  });

  it('just after, until the votes have expired: the same `go`, with new votes', async () => {
    await inWorlds(
      4,
      { arrange: (world) => world.once(isDecision('go', 'expand'), () => world.crashAll(70_000)) },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(count(enacted, isIntent(/^expand\.1\/host\.stage\/host-1$/))).toBeGreaterThan(1);
        const canaryGo = isDecision('go', 'expand');
        expect(eventsOf(enacted).filter((event) => canaryGo(event)).length).toBe(2);
      },
    );
  });
});
