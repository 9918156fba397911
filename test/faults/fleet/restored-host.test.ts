import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestInstallation } from '../../fleet/installation.js';
import { decided, Moments } from './moments.js';
import { answersTo, clientFrom, liveDigests, servedBy } from './outside-view.js';

const moments = new Moments();
let windlass: TestInstallation;

beforeAll(async () => {
  windlass = await TestInstallation.open({ hosts: 3, alter: moments.watch });
});

afterAll(() => windlass?.stop());

const hosts = () => windlass.fleet.hosts;
const world = async () => [...liveDigests(hosts()), ...(await servedBy(hosts()))];

it('F12: a host that a backup brings back in mid-contract goes back to the overlap with all the others', async () => {
  const old = await clientFrom(windlass.vault);
  const [, backup = ''] = windlass.bundles();
  let overlap: string[] = [];
  let undo = async () => {};
  const struck = moments.once(decided('contract'), async () => {
    overlap = await world();
    undo = (await hosts()[2]?.occupyPort()) ?? undo;
  });
  const restored = moments.once(decided('revert', 'contract'), async () => {
    const host = hosts()[1];
    if (!host) throw new Error('there are three hosts');
    await host.powerOff();
    host.writeFile(`.${host.managedPath}`, backup);
    const state = host.outside('var/lib/windlass');
    for (const name of readdirSync(state)) rmSync(join(state, name), { recursive: true });
    await host.powerOn();
    await undo();
  });
  const id = await windlass.rotate();
  const paused = await windlass.until(id, 'paused');
  await Promise.all([struck, restored]);
  expect(paused.phase).toBe('soak');
  expect(await world()).toEqual(overlap);
  expect(await answersTo(old, hosts())).toEqual(['200', '200', '200']);

  await windlass.commands.resume({ rotationId: id, by: 'a test' });
  await windlass.until(id, 'succeeded');
  expect(await answersTo(old, hosts())).toEqual(['400', '400', '400']);
});
