import { describe, expect, it } from 'vitest';
import { isDecision } from '../faults.js';
import { count, eventsOf, expectEnd, inWorlds, isIntent, isSuccess, takeovers } from './scenario.js';

describe('packets are dropped without a word', () => {
  it.each([
    ['when it is staged', isSuccess(/^expand\.1\/host\.stage\/host-2$/)],
    ['after GO', isDecision('go', 'expand')],
    ['before CONFIRM', isSuccess(/^expand\.1\/host\.prove\/host-2$/)],
  ] as const)(
    'F36: to a host, %s: lease or deadline acts, and it is observed before anything goes on',
    async (_, when) => {
      await inWorlds(
        4,
        {
          arrange: (world) =>
            world.once(when, () => {
              const path = world.network.path('*', 'host-2');
              path.cut = true;
              world.time.after(400_000, () => {
                path.cut = false;
              });
            }),
        },
        (enacted) => expectEnd(enacted, 'succeeded', 'reverted', 'refused'),
      );
    },
  );

  it('F36: an armed host that nobody reaches goes back by itself at its deadline', async () => {
    let step: string | undefined;
    await inWorlds(
      4,
      {
        arrange: (world) =>
          world.once(isSuccess(/^expand\.1\/host\.commit\/host-2$/), () => {
            for (const to of ['host-2', 'host-2 https']) world.network.path('*', to).cut = true;
            world.time.after(200_000, () => {
              step = world.hostAt(1).state?.step;
              for (const to of ['host-2', 'host-2 https']) world.network.path('*', to).cut = false;
            });
          }),
      },
      (enacted) => {
        expectEnd(enacted, 'reverted');
        expect(step).toBe('returned');
      },
    );
  });
});

describe('a worker', () => {
  it('F06: stopped past its lease, wakes up when another one has taken its batch: it writes nothing more', async () => {
    await inWorlds(
      6,
      {
        arrange: (world) =>
          world.once(isIntent(/^expand\.1\/host\.commit\/host-2$/), () => {
            const holder = world.database.rotation('rotation-1').leases.get('batch/1')?.holder ?? '';
            for (const one of world.workers) if (holder.startsWith(`${one.name}#`)) one.freeze(40_000);
          }),
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded', 'reverted');
        expect(takeovers(enacted, 'batch/1')).toBeGreaterThan(1);
        let newest = 0;
        for (const event of eventsOf(enacted)) {
          if (event.type === 'term.taken' && event.scope === 'batch/1') newest = event.term;
          if (isSuccess(/host-2$/)(event) && 'term' in event) expect(event.term).toBe(newest);
        }
      },
    );
  });

  it('F08: woken twice for everything: one append wins, and nothing is done twice', async () => {
    await inWorlds(
      6,
      {
        arrange: (world) => {
          world.queue.doubled = 1;
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(count(enacted, isIntent(/^expand\.1\/host\.commit\//))).toBe(4);
      },
    );
  });

  it.each([
    ['from the database but not from hosts', 'database'],
    ['from hosts but not from the database', 'host-2'],
  ])('F41: cut %s while hosts are armed: taken over, or back, or blocked', async (_, to) => {
    await inWorlds(
      6,
      {
        arrange: (world) =>
          world.once(isSuccess(/^expand\.1\/host\.commit\/host-2$/), () => {
            const holder = world.database.rotation('rotation-1').leases.get('batch/1')?.holder ?? '';
            const path = world.network.path(holder.split('#')[0] ?? '', to);
            path.cut = true;
            world.time.after(300_000, () => {
              path.cut = false;
            });
          }),
      },
      (enacted) => expectEnd(enacted, 'succeeded', 'reverted'),
    );
  });
});
