import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestHost } from '#kit';
import { explain, statusOf } from '#rotation';
import { type Relay, startRelay } from '../relay.js';
import { FaultyFleet } from './faulty-fleet.js';
import { HostPaths } from './host-paths.js';
import { served } from './onlooker.js';

/** Hosts stand by their votes for eight seconds, and wait ten for the decision of the fleet. */
const TIMING = { voteMs: 8_000, deadlineMs: 10_000, marginMs: 1_000 };
const PATIENCE = { timeout: 60_000, interval: 50 };

let fleet: FaultyFleet;
let paths: HostPaths;
let database: Relay;

beforeAll(async () => {
  paths = new HostPaths();
  fleet = await FaultyFleet.open({ hosts: 2, enrol: paths.enrol });
  database = await startRelay(fleet.databaseUrl);
});

afterEach(async () => {
  paths.mend();
  database.mend();
  await fleet.endWorkers();
});

afterAll(async () => {
  await fleet?.stop();
  await paths?.stop();
  await database?.stop();
});

const stagedOn = (host: TestHost) =>
  host
    .exec('ls -A /etc/nginx/trust')
    .trim()
    .split('\n')
    .some((name) => name.startsWith('.windlass'));

describe('F41: all hosts are switched and undecided', () => {
  it('F41: the worker is cut from PostgreSQL: every host goes back by itself, and then that is decided', async () => {
    const id = await fleet.rotate(TIMING);
    const old = await fleet.served();
    const worker = await fleet.worker('before decision.made keep expand', 'SIGSTOP', database.url);
    await worker.stopped();
    expect(await fleet.served()).not.toEqual(old);
    database.cut();
    worker.wake();
    await expect.poll(() => fleet.served(), PATIENCE).toEqual(old);
    const meanwhile = await fleet.windlass.commands.read(id);
    expect([meanwhile.ended, meanwhile.decisions.has('outcome/expand.1')]).toEqual([null, false]);
    database.mend();
    await fleet.expectAllOld(id);
  });

  it('F41: the worker is cut from the hosts: they go back, and it says blocked until it has seen that', async () => {
    const id = await fleet.rotate(TIMING);
    const old = await fleet.served();
    await fleet.strikeAt('after effect.succeeded expand.1/host.commit/host-2', () =>
      paths.cut(...fleet.hosts),
    );
    await expect.poll(() => fleet.served(), PATIENCE).toEqual(old);
    const blocked = await fleet.windlass.reached(id, (state) => statusOf(state) === 'blocked');
    expect(explain(blocked)).toMatch(/Blocked on host-[12] since .* cannot be reached/);
    paths.mend();
    await fleet.expectAllOld(id);
  });
});

describe('F36: packets to one host are dropped, and nobody is told', () => {
  it('F36: when it is staged: its vote runs out, it drops what it staged', async () => {
    const host = fleet.host(2);
    const before = await served(host);
    const id = await fleet.rotate(TIMING);
    await fleet.strikeAt('after effect.succeeded expand.1/host.stage/host-2', () => {
      expect(stagedOn(host)).toBe(true);
      paths.cut(host);
    });
    await expect.poll(() => stagedOn(host), PATIENCE).toBe(false);
    expect(await served(host)).toBe(before);
    paths.mend();
    await fleet.expectOneSide(id);
  });

  it('F36: behind GO: the host hears it too late and refuses it', async () => {
    const host = fleet.host(2);
    const before = await served(host);
    const id = await fleet.rotate(TIMING);
    await fleet.strikeAt('before commit host-2', () => paths.cut(host));
    await expect.poll(() => stagedOn(host), PATIENCE).toBe(false);
    await sleep(1_000);
    expect(await served(host)).toBe(before);
    paths.mend();
    await fleet.expectOneSide(id);
  });

  it('F36: before CONFIRM: it goes back by itself, is seen to have, and is switched anew', async () => {
    const host = fleet.host(2);
    const before = await served(host);
    const id = await fleet.rotate(TIMING);
    await fleet.strikeAt('after decision.made keep expand', async () => {
      expect(await served(host)).not.toBe(before);
      paths.cut(host);
    });
    await expect.poll(() => served(host), PATIENCE).toBe(before);
    expect((await fleet.windlass.commands.read(id)).decisions.has('activate.1')).toBe(false);
    paths.mend();
    const state = await fleet.expectAllNew(id);
    const confirmed = state.effects.get(fleet.effectId('expand.1/host.confirm/host-2'));
    expect(confirmed?.result).toMatchObject({ reapplied: true });
  });
});

describe('F19: SSH is cut', () => {
  it('F19: in the middle of a transfer: nothing of it is used', async () => {
    const host = fleet.host(2);
    const before = fleet.windlass.bundles();
    const id = await fleet.rotate();
    await fleet.strikeAt('before stage host-2', () => paths.ssh(host).severAfter(1_500));
    const stage = fleet.effectId('expand.1/host.stage/host-2');
    await fleet.windlass.reached(id, ({ effects }) => effects.get(stage)?.status === 'failed');
    expect(fleet.windlass.bundles()).toEqual(before);
    await fleet.expectAllNew(id);
  });

  it('F19: in the middle of a commit: the host is looked at, and the switch goes on', async () => {
    const host = fleet.host(2);
    const file = `.${host.managedPath}`;
    const before = host.readFile(file);
    const id = await fleet.rotate();
    await fleet.strikeAt('before commit host-2', () => undefined);
    await expect.poll(() => host.readFile(file), { ...PATIENCE, interval: 1 }).not.toBe(before);
    paths.ssh(host).sever();
    await fleet.expectAllNew(id);
    const lost = (await fleet.events(id)).filter(
      (event) =>
        event.type === 'effect.failed' &&
        event.effectId === fleet.effectId('expand.1/host.commit/host-2') &&
        event.reason.code === 'host.unreachable',
    );
    expect(lost).toHaveLength(1);
  });
});
