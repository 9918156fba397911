import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestHost } from '#kit';
import { explain, type RotationEvent } from '#rotation';
import { FaultyFleet } from './faulty-fleet.js';
import { served } from './onlooker.js';

let fleet: FaultyFleet;

beforeAll(async () => {
  fleet = await FaultyFleet.open({ hosts: 3 });
});

afterEach(() => fleet.endWorkers());
afterAll(() => fleet?.stop());

const failuresOf = (events: readonly RotationEvent[], effect: string) =>
  events.filter((event) => event.type === 'effect.failed' && event.effectId.startsWith(effect)).length;

/** The decision for the fleet that was made before the switch of the host was tried for so many times. */
async function triesBeforeRevert(id: string, effect: string): Promise<number> {
  const events = await fleet.events(id);
  const decided = events.findIndex(
    (event) => event.type === 'decision.made' && event.decision.kind === 'revert',
  );
  return failuresOf(events.slice(0, decided), effect);
}

/** Everything that Windlass left on the host is gone, and its bundle is the one of an older image. */
function reimage(host: TestHost, bundle: string): void {
  rmSync(host.outside(`.${host.managedPath}`));
  host.writeFile(`.${host.managedPath}`, bundle);
  const state = host.outside('var/lib/windlass');
  for (const name of readdirSync(state)) rmSync(join(state, name), { recursive: true });
}

describe('F11: a host dies after some hosts are committed', () => {
  it.each([
    ['F11: it was never switched', 'before commit host-2', 'expand.1/host.commit'],
    [
      'F11: it was switched itself',
      'before effect.intended expand.1/host.prove/host-2',
      'expand.1/host.prove',
    ],
  ])('%s', async (_name, moment, effect) => {
    const host = fleet.host(2);
    const id = await fleet.rotate();
    const before = fleet.windlass.bundles();
    await fleet.strikeAt(moment, () => host.powerOff());
    const blocked = await fleet.windlass.until(id, 'blocked');
    expect(explain(blocked)).toMatch(/^Blocked on host-2 since .* cannot be reached/);
    expect(await triesBeforeRevert(id, effect)).toBe(3);
    // The hosts that are there go back without waiting for the dead one, and the rotation does not end so.
    await expect.poll(() => served(fleet.host(1)), { timeout: 30_000 }).toBe('unmarked');
    await expect.poll(() => served(fleet.host(3)), { timeout: 30_000 }).toBe('unmarked');
    await fleet.windlass.reached(
      id,
      ({ effects }) => (effects.get(fleet.effectId('expand.1/host.revert/host-2'))?.attempts ?? 0) > 2,
    );
    await host.powerOn();
    await fleet.expectAllOld(id);
    expect(fleet.windlass.bundles()).toEqual(before);
  });
});

describe('F12: a host is away when the fleet has decided to keep, and comes back on the old bundle', () => {
  it('F12: it is named, nothing goes on without it, and it is switched anew', async () => {
    const host = fleet.host(2);
    const [, old = ''] = fleet.windlass.bundles();
    const id = await fleet.rotate();
    await fleet.strikeAt('after decision.made keep expand', async () => {
      await host.powerOff();
      reimage(host, old);
    });
    const blocked = await fleet.windlass.until(id, 'blocked');
    expect(explain(blocked)).toMatch(/^Blocked on host-2 since .* cannot be reached/);
    expect(blocked.decisions.has('activate.1')).toBe(false);
    await host.powerOn();
    const state = await fleet.expectAllNew(id);
    const confirmed = [...state.effects.values()].filter(({ effect }) =>
      effect.id.startsWith('expand.1/host.confirm/'),
    );
    expect(confirmed.filter(({ result }) => result.reapplied)).toHaveLength(1);
  });
});
