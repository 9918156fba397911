import { describe, expect, it } from 'vitest';
import { isApproved } from '#rotation';
import { isDecision } from '../faults.js';
import type { Enacted } from '../simulate.js';
import { count, eventsOf, expectEnd, inWorlds, isIntent } from './scenario.js';

const approved = (enacted: Enacted) => count(enacted, ({ type }) => type === 'contract.approved');

describe('a fleet that asks for a second person', () => {
  it('drops nothing before one approved, who is not the one that asked', async () => {
    await inWorlds(4, { approval: 'contract', fleets: 2 }, (enacted) => {
      expectEnd(enacted, 'succeeded');
      expect([approved(enacted), isApproved(enacted.state)]).toEqual([1, true]);
      const events = eventsOf(enacted);
      const at = events.findIndex((event) => event.type === 'contract.approved');
      expect(events[at]).toMatchObject({ by: 'second person' });
      expect(events.findIndex(isIntent(/^contract\.1\/(ca|host)\./))).toBeGreaterThan(at);
    });
  });

  it('is asked once, also when the contract fails and is tried again', async () => {
    await inWorlds(
      4,
      {
        approval: 'contract',
        arrange: (world) => {
          const { troubles } = world.hostAt(2);
          world.once(isDecision('contract'), () => {
            troubles.reloadStuck = true;
            world.time.after(60_000, () => {
              troubles.reloadStuck = false;
            });
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(approved(enacted)).toBe(1);
        expect(count(enacted, isDecision('contract'))).toBeGreaterThan(1);
      },
    );
  });

  it.each(['distrust', 'rehearse', 'replace', 'sync'] as const)(
    'waits for nobody with %s',
    async (strategy) => {
      await inWorlds(2, { approval: 'contract', strategy }, (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect([approved(enacted), enacted.state.snapshot.approval]).toEqual([0, undefined]);
      });
    },
  );
});
