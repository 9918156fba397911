import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { explain, hostViews, statusOf } from '#rotation';
import { TestInstallation } from '../../fleet/installation.js';
import { withTiming } from '../timing.js';
import { drainingOn, offerLongDownload, startDownload } from './long-download.js';
import { decided, failed, Moments } from './moments.js';
import { answersTo, clientFrom } from './outside-view.js';

const moments = new Moments();
let patienceMs = 600_000;
let windlass: TestInstallation;
let download: TLSSocket | null = null;

beforeAll(async () => {
  windlass = await TestInstallation.open({
    hosts: 2,
    alter: (parts) => {
      const rotations = withTiming(parts.rotations, () => ({ drainMs: patienceMs }));
      return moments.watch({ ...parts, rotations });
    },
  });
  for (const host of windlass.fleet.hosts) offerLongDownload(host);
});

afterEach(() => {
  moments.forget();
  download?.destroy();
});
afterAll(() => windlass?.stop());

const hosts = () => windlass.fleet.hosts;

/** A rotation in which a client of the old CA begins a download on the last host before the old CA is dropped. */
async function rotateUnderDownload() {
  const old = await clientFrom(windlass.vault);
  const [, last] = hosts();
  if (!last) throw new Error('no second host');
  const begun = moments.once(decided('contract'), async () => {
    download = await startDownload(last, old);
  });
  const lingering = moments.once(failed(/^contract\.1\/host\.drained\//), () => undefined);
  const id = await windlass.rotate();
  await Promise.all([begun, lingering]);
  return { id, old, last };
}

describe('F15: a client of the old CA downloads while it is dropped', () => {
  it('F15: the host is shown as draining, and the contract is not done before the download ends', async () => {
    const { id, old, last } = await rotateUnderDownload();
    // The old CA is dropped everywhere, and one worker goes on serving whoever it had let in.
    expect(await answersTo(old, hosts())).toEqual(['400', '400']);
    const pids = drainingOn(last);
    expect(pids).toHaveLength(1);
    const state = await windlass.reached(id, ({ effects }) =>
      [...effects.values()].some(({ effect, attempts }) => effect.kind === 'host.drained' && attempts > 1),
    );
    expect([statusOf(state), state.phase]).toEqual(['running', 'contract']);
    expect(explain(state)).toMatch(new RegExp(`Draining: host-2: .*pid ${pids[0]}, `));
    expect(hostViews(state).map(({ reason }) => reason?.code ?? null)).toEqual([null, 'host.draining']);
    expect(drainingOn(last)).toEqual(pids);
    download?.destroy();
    const ended = await windlass.until(id, 'succeeded');
    expect(drainingOn(last)).toEqual([]);
    expect(explain(ended)).not.toContain('Not waited for');
  });

  it('F15: behind the agreed time the contract is done, and says who is still served', async () => {
    patienceMs = 3_000;
    const { id, last } = await rotateUnderDownload();
    const ended = await windlass.until(id, 'succeeded');
    const [pid = 'none'] = drainingOn(last);
    expect(explain(ended)).toMatch(new RegExp(`Not waited for longer than 3 s: host-2: .*pid ${pid}, `));
    expect(download?.destroyed).toBe(false);
  });
});
