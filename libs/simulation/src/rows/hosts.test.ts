import { describe, expect, it } from 'vitest';
import { Secret } from '#engine';
import { SHORT_LIVED_LEAF } from '../certificates.js';
import { isDecision } from '../faults.js';
import { recordHost } from '../memory/fleet-rows.js';
import {
  count,
  eventsOf,
  expectEnd,
  inWorlds,
  isFailure,
  isIntent,
  isSuccess,
  statusesOver,
} from './scenario.js';

describe('a host', () => {
  it('F10: unreachable in preflight: refused by name, and no host was touched', async () => {
    await inWorlds(4, { arrange: (world) => world.hostAt(2).powerOff() }, (enacted) => {
      expectEnd(enacted, 'refused');
      expect(enacted.result.explanation).toContain('host-3');
      for (const host of enacted.world.hosts) expect([host.state, host.reloads]).toEqual([null, 0]);
    });
  });

  it('F11: dies when some are committed: blocked while it is away, reverted when it is back', async () => {
    let seen = new Set<string>();
    await inWorlds(
      4,
      {
        arrange: (world) => {
          seen = statusesOver(world);
          const host = world.hostAt(3);
          world.once(isIntent(/^expand\.1\/host\.commit\/host-4$/), () => {
            host.powerOff();
            world.time.after(20 * 60_000, () => {
              expect(world.state?.ended ?? null).toBeNull();
              host.powerOn();
            });
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'reverted');
        expect(seen).toContain('blocked');
        expect(enacted.result.took).toBeGreaterThan(20 * 60_000);
      },
    );
  });

  it('F12: comes back with the old bundle behind the decision: applied anew, and only then succeeded', async () => {
    await inWorlds(
      6,
      {
        arrange: (world) => {
          const host = world.hostAt(1);
          const old = host.file;
          world.once(isDecision('keep', 'expand'), () => {
            world.observer.tamper(host);
            host.reimage(old);
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        const confirmed = eventsOf(enacted).find(isSuccess(/^expand\.1\/host\.confirm\/host-2$/));
        expect(confirmed).toMatchObject({ result: { reapplied: true } });
      },
    );
  });

  it('F24: edited in mid-rotation: blocked by name and not overwritten, until somebody puts it back', async () => {
    let seen = new Set<string>();
    await inWorlds(
      4,
      {
        arrange: (world) => {
          seen = statusesOver(world);
          const host = world.hostAt(1);
          world.once(isDecision('keep', 'expand'), () => {
            const before = host.file;
            world.observer.tamper(host);
            host.file = `# edited\n${before}`;
            world.time.after(200_000, () => {
              expect(host.file).toBe(`# edited\n${before}`);
              host.file = before;
            });
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(seen).toContain('blocked');
        const failed = eventsOf(enacted).find(isFailure(/^expand\.1\/host\.confirm\/host-2$/));
        expect(failed).toMatchObject({ reason: { code: 'host.drift' } });
      },
    );
  });

  it('F27: that joins in mid-rotation is not touched by it', async () => {
    await inWorlds(
      3,
      {
        arrange: (world) =>
          world.once(isDecision('go', 'expand'), () => {
            const { database } = world;
            const [fleetId = ''] = world.fleetIds;
            const [first] = database.fleet(fleetId).hosts;
            if (!first) throw new Error('the fleet has no host');
            const joiner = { ...first.record, name: 'joiner', address: '127.20.9.9' };
            recordHost(database, database.fleet(fleetId), joiner);
          }),
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(enacted.state.snapshot.waves.flat()).toHaveLength(4);
        expect(JSON.stringify(eventsOf(enacted))).not.toContain('joiner');
      },
    );
  });

  it('F29: whose probes get no answer while it is fine: tried again, then one revert for all', async () => {
    await inWorlds(
      4,
      {
        arrange: (world) =>
          world.once(isDecision('go', 'expand'), () => {
            const path = world.network.path('*', 'host-2 https');
            path.cut = true;
            world.time.after(90_000, () => {
              path.cut = false;
            });
          }),
      },
      (enacted) => {
        expectEnd(enacted, 'reverted');
        expect(count(enacted, isFailure(/^expand\.1\/host\.prove\/host-2$/))).toBe(3);
        expect(count(enacted, isDecision('revert', 'expand'))).toBe(1);
      },
    );
  });

  it('F29: that nobody can ask behind `keep`: blocked, and nothing is activated before it was seen', async () => {
    let seen = new Set<string>();
    await inWorlds(
      4,
      {
        arrange: (world) =>
          world.once(isDecision('keep', 'expand'), () => {
            seen = statusesOver(world);
            const path = world.network.path('*', 'host-2 https');
            path.cut = true;
            world.time.after(90_000, () => {
              expect(world.ca.issuedFrom.size).toBe(1);
              path.cut = false;
            });
          }),
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(seen).toContain('blocked');
        expect(count(enacted, isFailure(/^expand\.1\/host\.confirm\/host-2$/))).toBeGreaterThan(0);
      },
    );
  });

  it('F34: whose sample client ends in mid-rotation: said of the sample, and no fault of the fleet', async () => {
    const sample = {
      ...{ id: 's', name: 'short-lived', certificatePem: SHORT_LIVED_LEAF, chainPem: '' },
      ...{ privateKey: new Secret('k'), expect: 'accepted' as const },
    };
    await inWorlds(
      2,
      {
        samples: [sample],
        arrange: (world) => world.once(isDecision('activate'), () => world.crashAll(150_000)),
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        const proof = eventsOf(enacted).find(isSuccess(/^contract\.1\/host\.prove\//));
        expect(JSON.stringify(proof)).toContain('short-lived was not asked: its certificate has expired');
      },
    );
  });

  it('F53: that never comes back is given up by a person: the end names the exception', async () => {
    await inWorlds(
      4,
      {
        arrange: (world) =>
          world.once(isDecision('keep', 'expand'), () => {
            world.hostAt(2).powerOff();
            world.gone.add('host-3');
          }),
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(enacted.result.explanation).toMatch(
          /all 3 hosts[\s\S]*Without host-3, which operator decommissioned/,
        );
      },
    );
  });
});
