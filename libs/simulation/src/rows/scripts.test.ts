import { describe, expect, it } from 'vitest';
import { resultOf } from '#rotation';
import { digestOf } from '#trust';
import { isDecision } from '../faults.js';
import { Random } from '../random.js';
import { pemOf } from '../sim-ca.js';
import { SimMachine } from '../sim-machine.js';
import { VirtualTime } from '../virtual-time.js';
import { count, eventsOf, expectEnd, inWorlds, isIntent, isSuccess } from './scenario.js';

describe('the host script is killed', () => {
  it('F02: between rename and reload: the next one reloads, and renames nothing', async () => {
    let renames = 0;
    await inWorlds(
      5,
      {
        arrange: (world) => {
          const host = world.hostAt(1);
          renames = 0;
          world.onHost(host, (what) => {
            if (what !== 'rename' || world.state?.phase !== 'expand') return;
            renames += 1;
            if (renames === 1) host.scripts.killAll();
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(renames).toBe(1);
        expect(count(enacted, isIntent(/^expand\.1\/host\.commit\/host-2$/))).toBeGreaterThan(1);
      },
    );
  });

  it('F03: after the reload and before its report: no second reload', async () => {
    let atKeep = 0;
    await inWorlds(
      5,
      {
        arrange: (world) => {
          const host = world.hostAt(1);
          let killed = false;
          world.onHost(host, (what) => {
            if (what !== 'reload' || killed) return;
            killed = true;
            host.scripts.killAll();
          });
          world.once(isDecision('keep', 'expand'), () => {
            atKeep = host.reloads;
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(atKeep).toBe(1);
        expect(count(enacted, isIntent(/^expand\.1\/host\.commit\/host-2$/))).toBeGreaterThan(1);
      },
    );
  });

  it('F38: CONFIRMs are half delivered when every worker dies: nothing is activated before the rest', async () => {
    await inWorlds(
      5,
      {
        arrange: (world) => {
          const path = world.network.path('*', 'host-3');
          world.once(isDecision('keep', 'expand'), () => {
            path.cut = true;
          });
          world.once(isSuccess(/^expand\.1\/host\.confirm\//), () => {
            world.crashAll(150_000);
            world.time.after(140_000, () => {
              path.cut = false;
            });
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        const events = eventsOf(enacted);
        const activated = events.findIndex(isDecision('activate'));
        expect(events.findLastIndex(isSuccess(/^expand\.1\/host\.confirm\//))).toBeLessThan(activated);
        const last = events.find(isSuccess(/^expand\.1\/host\.confirm\/host-3$/));
        expect(last).toMatchObject({ result: { reapplied: true } });
      },
    );
  });
});

const OLD = pemOf(0);
const FAR = `${pemOf(0)}${pemOf(1)}`;
const BUNDLE = { content: FAR, digest: digestOf(FAR) };
const token = (term: number, serial: number) => ({
  ...{ installation: 'i', rotation: 'r', epoch: 1 },
  ...{ term, serial },
});

/** One host whose script committed under term 1 and waits for its deadline, 1 s ahead. */
async function armedHost(): Promise<{
  host: SimMachine;
  time: VirtualTime;
  run: (ms: number) => Promise<void>;
}> {
  const time = new VirtualTime(0);
  const host = new SimMachine('host', OLD, time, new Random(7), 1, () => undefined);
  const run = (ms: number) => time.run(() => false, time.now() + ms, 10_000);
  void host.scripts.stage(token(1, 1), digestOf(OLD), BUNDLE, 60_000);
  await run(100);
  void host.scripts.commit(token(1, 2), digestOf(OLD), BUNDLE.digest, 1_000);
  await run(500);
  expect(host.digest).toBe(BUNDLE.digest);
  return { host, time, run };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: { problem: { code: string } }) => error.problem.code,
  );

describe('F39: the dead-man races', () => {
  it.each([350, 450, 500, 501, 502, 550])(
    'CONFIRM, which comes %i ms later: one of them wins',
    async (wait) => {
      const { host, time, run } = await armedHost();
      let answer = '';
      time.after(
        wait,
        () => void codeOf(host.scripts.confirm(token(1, 3), BUNDLE.digest)).then((code) => (answer = code)),
      );
      await run(3_000);
      const kept = host.digest === BUNDLE.digest;
      expect(host.serving).toBe(host.file);
      expect(host.deadline).toBeNull();
      expect([answer, host.state?.step]).toEqual(kept ? ['ok', 'confirmed'] : ['host.not-armed', 'returned']);
    },
  );

  it('a revert: the host is back once, and nothing is armed', async () => {
    for (const wait of [400, 499, 500, 501, 530]) {
      const { host, time, run } = await armedHost();
      time.after(wait, () => void codeOf(host.scripts.revert(token(1, 3), digestOf(OLD), BUNDLE.digest)));
      await run(3_000);
      expect([host.digest, host.serving, host.deadline]).toEqual([digestOf(OLD), OLD, null]);
      expect(host.state?.step).toBe('reverted');
    }
  });
});

describe('what comes late', () => {
  it('F37: GO after a revert is refused', async () => {
    const { host, run } = await armedHost();
    void host.scripts.revert(token(1, 4), digestOf(OLD), BUNDLE.digest);
    await run(1_000);
    const late = codeOf(host.scripts.commit(token(1, 3), digestOf(OLD), BUNDLE.digest, 1_000));
    await run(1_000);
    expect(await late).toBe('host.stale-token');
    expect(host.digest).toBe(digestOf(OLD));
  });

  it('F37: messages of a slow host overtake each other, and nothing acts late', async () => {
    await inWorlds(12, { faults: ['host-slow', 'host-slow', 'reload-stuck'] }, (enacted) => {
      expectEnd(enacted, 'succeeded', 'reverted', 'refused');
    });
  });

  it('F42: an orphan that is armed is taken over by a higher term', async () => {
    const { host, run } = await armedHost();
    void host.scripts.revert(token(2, 1), digestOf(OLD), BUNDLE.digest);
    await run(1_000);
    const orphan = codeOf(host.scripts.renew(token(1, 99), BUNDLE.digest, 60_000));
    await run(1_000);
    expect(await orphan).toBe('host.stale-token');
    expect([host.digest, host.deadline, host.state?.token.term]).toEqual([digestOf(OLD), null, 2]);
  });

  it('F42: in a rotation whose worker died with hosts armed', async () => {
    await inWorlds(
      5,
      {
        arrange: (world) => {
          world.hostAt(3).troubles.reloadStuck = true;
          world.once(isSuccess(/^expand\.1\/host\.commit\/host-2$/), () =>
            world.crashHolder('batch/1', 60_000),
          );
        },
      },
      (enacted) => {
        expectEnd(enacted, 'reverted');
        const { world } = enacted;
        for (const host of world.hosts) expect(host.deadline).toBeNull();
        expect(resultOf(enacted.state, 'generations.build')).not.toBeNull();
      },
    );
  });
});
