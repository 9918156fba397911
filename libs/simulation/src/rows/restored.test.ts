import { describe, expect, it } from 'vitest';
import type { RotationEvent } from '#rotation';
import { isDecision } from '../faults.js';
import type { World } from '../world.js';
import { count, eventsOf, expectEnd, inWorlds, isFailure, isSuccess, statusesOver } from './scenario.js';

/** The contract fails on host-3, so that all hosts go back to the overlap. */
function failContract(world: World): void {
  const { troubles } = world.hostAt(2);
  world.once(isDecision('contract'), () => {
    troubles.reloadStuck = true;
  });
  world.once(isDecision('revert', 'contract'), () => {
    world.time.after(20_000, () => {
      troubles.reloadStuck = false;
    });
  });
}

/** Host-2 comes back with what it served before the rotation. */
function restoreAt(world: World, moment: (event: RotationEvent) => boolean): void {
  const host = world.hostAt(1);
  const old = host.file;
  world.once(moment, () => {
    world.observer.tamper(host);
    host.reimage(old);
  });
}

const MOMENTS = [
  ['between its vote and its switch', isDecision('contract')],
  ['when the way back is decided', isDecision('revert', 'contract')],
  ['when it was put back', isSuccess(/^contract\.1\/host\.revert\/host-2$/)],
] as const;

describe.each(['rehearse', 'overlap'] as const)(
  'F12: a host is restored from a backup in a contract, %s',
  (strategy) => {
    it.each(MOMENTS)('F12: %s: it is brought back to the overlap like the others', async (_, moment) => {
      await inWorlds(
        4,
        {
          strategy,
          arrange: (world) => {
            failContract(world);
            restoreAt(world, moment);
          },
        },
        (enacted) => {
          expectEnd(enacted, 'succeeded');
          expect(count(enacted, isDecision('revert', 'contract'))).toBe(1);
          const back = /^contract\.1\/host\.prove-reverted\/host-2$/;
          expect(count(enacted, isSuccess(back))).toBe(1);
          expect(count(enacted, isFailure(back))).toBe(0);
        },
      );
    });
  },
);

describe('F24: a host is edited in a contract', () => {
  it('F24: on the way back: blocked by name and not overwritten, until somebody puts it back', async () => {
    let seen = new Set<string>();
    await inWorlds(
      4,
      {
        arrange: (world) => {
          failContract(world);
          seen = statusesOver(world);
          const host = world.hostAt(1);
          world.once(isDecision('revert', 'contract'), () => {
            const before = host.file;
            const edited = `# edited\n${before}`;
            world.observer.tamper(host);
            host.file = edited;
            world.time.after(200_000, () => {
              expect(host.file).toBe(edited);
              host.file = before;
            });
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(seen).toContain('blocked');
        const failed = eventsOf(enacted).find(isFailure(/^contract\.1\/host\.revert\/host-2$/));
        expect(failed).toMatchObject({ reason: { code: 'host.drift' } });
      },
    );
  });
});
