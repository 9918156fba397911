import { describe, expect, it } from 'vitest';
import { statusOf } from '#rotation';
import { isDecision } from '../faults.js';
import { fingerprintOf } from '../trust.js';
import { World } from '../world.js';
import { count, expectEnd, inWorlds, isFailure, isIntent, isSuccess } from './scenario.js';

const trustsBoth = (world: World) =>
  world.hosts.every(({ trust }) => [0, 1].every((ca) => trust.anchors.has(fingerprintOf(ca))));

describe('the CA', () => {
  it.each([
    ['create', isIntent(/^ca\.prepare$/)],
    ['switch', isIntent(/^activate\.1\/ca\.switch-default$/)],
    ['restrict', isIntent(/^activate\.1\/ca\.restrict-old$/)],
  ])('F44: its reply to %s is lost: read back and found, no second issuer', async (_, when) => {
    await inWorlds(
      4,
      {
        arrange: (world) =>
          world.once(when, () => {
            const path = world.network.path('*', 'ca');
            path.deaf = true;
            world.time.after(12_000, () => {
              path.deaf = false;
            });
          }),
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(enacted.world.ca.created).toBe(1);
      },
    );
  });

  it('F46: it is sealed when certificates of the new CA exist: hosts trust both, paused, and a resume ends it', async () => {
    let paused = '';
    await inWorlds(
      4,
      {
        arrange: (world) => {
          world.once(isSuccess(/^activate\.1\/ca\.new-leaf$/), () => {
            world.ca.sealed = true;
            world.time.after(60_000, () => {
              world.ca.sealed = false;
            });
          });
          world.time.after(300_000, () => {
            paused = world.state ? statusOf(world.state) : '';
            expect(trustsBoth(world)).toBe(true);
            expect(world.ca.issuing).toBe(0);
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(paused).toBe('paused');
        expect(count(enacted, isDecision('revert'))).toBe(0);
      },
    );
  });

  it('F47: a host cannot drop the old one: all trust both again, paused, and a resume ends it', async () => {
    let paused = '';
    await inWorlds(
      4,
      {
        arrange: (world) => {
          const { troubles } = world.hostAt(2);
          world.once(isDecision('contract'), () => {
            troubles.reloadStuck = true;
            world.time.after(60_000, () => {
              troubles.reloadStuck = false;
            });
          });
          world.time.after(300_000, () => {
            paused = world.state ? `${statusOf(world.state)} in ${world.state.phase}` : '';
            expect(trustsBoth(world)).toBe(true);
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(paused).toBe('paused in soak');
        expect(count(enacted, isFailure(/^contract\.1\/host\.commit\/host-3$/))).toBeGreaterThan(0);
        expect(count(enacted, isDecision('revert', 'contract'))).toBe(1);
      },
    );
  });

  it('F51: two fleets trust one mount: neither is rotated without the other one', async () => {
    const world = new World({ seed: 1, hosts: 4, workers: 2, fleets: 2, soakSeconds: 10 });
    const [fleetId = '', other = ''] = world.fleetIds;
    const request = { fleetId, requestedBy: 'operator', reason: 'alone' };
    await expect(world.operator.start(request)).rejects.toMatchObject({
      problem: { code: 'ca.shared', nextStep: expect.stringContaining(other) },
    });
    const stranger = { ...request, together: [other, 'fleet-9'] };
    await expect(world.operator.start(stranger)).rejects.toMatchObject({
      problem: { code: 'fleet.not-found' },
    });
  });

  it('F51: together, activation waits for the last host of both', async () => {
    await inWorlds(
      4,
      {
        fleets: 2,
        arrange: (world) => {
          const host = world.hostAt(3);
          world.once(isDecision('keep', 'expand'), () => {
            host.powerOff();
            world.time.after(300_000, () => {
              expect(world.ca.issuing).toBe(0);
              expect(world.ca.issuedFrom.size).toBe(1);
              host.powerOn();
            });
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(enacted.state.snapshot.otherFleets).toHaveLength(1);
      },
    );
  });

  it('F51: together, a host of the one brings the other one back as well', async () => {
    await inWorlds(
      4,
      {
        fleets: 2,
        arrange: (world) => {
          world.hostAt(3).troubles.reloadStuck = true;
          world.once(isDecision('revert', 'expand'), () => {
            world.hostAt(3).troubles.reloadStuck = false;
          });
        },
      },
      (enacted) => expectEnd(enacted, 'reverted'),
    );
  });
});
