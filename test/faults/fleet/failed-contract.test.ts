import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { explain, statusOf } from '#rotation';
import type { ClientLoad } from '../../../tools/demo/client-load.js';
import { TestInstallation } from '../../fleet/installation.js';
import { decided, Moments } from './moments.js';
import { answersTo, clientFrom, liveDigests, servedBy, surveyOf, workersOf } from './outside-view.js';
import { askedAgain, expectNobodyRefused, steadyClients } from './steady-clients.js';

const moments = new Moments();
let windlass: TestInstallation;
let load: ClientLoad | null = null;

beforeAll(async () => {
  windlass = await TestInstallation.open({ hosts: 2, alter: moments.watch });
});

afterEach(async () => {
  moments.forget();
  await load?.stop();
});

afterAll(() => windlass?.stop());

const hosts = () => windlass.fleet.hosts;
const world = async () => [...liveDigests(hosts()), ...(await servedBy(hosts()))];

it('F47: one host cannot drop the old CA: all serve both again, paused, and only a person goes on', async () => {
  const old = await clientFrom(windlass.vault);
  let overlap: string[] = [];
  let undo = async () => {};
  // The canary drops it and is proven; the last host keeps its old workers.
  const struck = moments.once(decided('contract'), async () => {
    overlap = await world();
    const renewed = await clientFrom(windlass.vault);
    load = await steadyClients(hosts(), async () => renewed);
    undo = (await hosts()[1]?.occupyPort()) ?? undo;
  });
  const seen: string[][] = [];
  const dropped = moments.once(decided('revert', 'contract'), async () => {
    seen.push(await answersTo(old, hosts()));
  });
  const id = await windlass.rotate();
  const paused = await windlass.until(id, 'paused');
  await Promise.all([struck, dropped]);
  // It was a contract that failed: the old CA was dropped on the canary for a while.
  expect(seen).toEqual([['400', '200']]);
  expect(paused.phase).toBe('soak');
  expect(explain(paused)).toMatch(/could not be dropped everywhere.*host-2/);
  expect(await world()).toEqual(overlap);
  expect(await answersTo(old, hosts())).toEqual(['200', '200']);
  const { defaultIssuerId } = await surveyOf(windlass.vault);

  // Nothing is tried again, and nothing is undone further, until somebody says so.
  const workers = workersOf(hosts());
  await undo();
  await windlass.commands.sweep();
  if (load) await askedAgain(load);
  expect(workersOf(hosts())).toEqual(workers);
  expect(await world()).toEqual(overlap);
  expect(statusOf(await windlass.commands.read(id))).toBe('paused');
  expect((await surveyOf(windlass.vault)).defaultIssuerId).toBe(defaultIssuerId);

  await windlass.commands.resume({ rotationId: id, by: 'a test' });
  const state = await windlass.until(id, 'succeeded');
  await load?.stop();
  // Renewed clients are in good standing all the time. The old CA is gone at the end, and does not come back.
  if (load) expectNobodyRefused(load.count, 3 * hosts().length);
  expect(state.attempt.contract).toBe(2);
  expect(await answersTo(old, hosts())).toEqual(['400', '400']);
});
