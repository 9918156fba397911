import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SshHostGateway } from '#host';
import { codeOf, LONG_MS, OneHost } from './one-host.js';

const SHORT_MS = 300;
let one: OneHost;

beforeAll(async () => {
  one = await OneHost.boot();
});

beforeEach(() => one.begin());

afterAll(() => one?.stop());

describe('a vote is good for a while', () => {
  it('runs out: commit is refused, as often as it is asked, and what was staged is dropped', async () => {
    const before = await one.workers();
    await one.stage(one.token(), SHORT_MS);
    await sleep(2 * SHORT_MS);
    await expect(one.commit()).rejects.toMatchObject({
      transient: true,
      problem: { code: 'host.vote-expired', nextStep: 'Windlass stages it again by itself.' },
    });
    expect(await codeOf(one.commit())).toBe('host.vote-expired');
    expect(await one.transaction()).toMatchObject({ step: 'discarded', armedForMs: null });
    expect(await one.workers()).toEqual(before);
    await one.expectBack();
  });

  it('is given again by staging again', async () => {
    await one.stage(one.token(), SHORT_MS);
    await one.stage(one.token(), LONG_MS);
    await sleep(2 * SHORT_MS);
    await one.commit();
    await one.revert();
    await one.stage(one.token(), SHORT_MS);
    await sleep(2 * SHORT_MS);
    expect(await codeOf(one.commit())).toBe('host.vote-expired');
    await one.stage();
    await one.commit();
    await one.expectSwitched();
    await one.revert();
  });

  it('is not asked for on a host that is committed', async () => {
    await one.stage(one.token(), 3_000);
    await one.commit();
    await sleep(3_000);
    expect(await one.commit()).toMatchObject({ reloaded: false });
    await one.revert();
  });

  it('runs out by itself: the host drops what was staged, and nobody watches any more', async () => {
    await one.untilNobodyWatches();
    await one.stage(one.token(), SHORT_MS);
    expect(one.trustFolder()).toHaveLength(2);
    expect(one.watchers()).toHaveLength(1);
    await one.untilStep('discarded');
    await one.expectBack();
    expect(await codeOf(one.commit())).toBe('host.vote-expired');
  });

  it('is dropped as soon as the connection over which it was given ends', async () => {
    await one.stage();
    await one.gateway.close();
    await one.untilStep('discarded');
    await one.expectBack();
    expect(await codeOf(one.commit())).toBe('host.vote-expired');
  });

  it('stands without the connection over which it was given when that ends for want of room', async () => {
    one.gateway = new SshHostGateway(null, 0);
    await one.stage();
    await expect.poll(() => one.host.exec('pgrep -c sshd').trim()).toBe('1');
    expect(await one.transaction()).toMatchObject({ step: 'staged' });
    await one.commit();
    await one.expectSwitched();
    await one.revert();
    await one.expectBack();
  });

  it('stands when somebody else has spoken before that connection ends', async () => {
    const other = new SshHostGateway();
    await one.stage();
    await other.stage(one.target(), one.token({ term: 2 }), one.from.digest, one.to, LONG_MS);
    await one.gateway.close();
    await sleep(SHORT_MS);
    await other.commit(one.target(), one.token({ term: 2 }), one.from.digest, one.to.digest, LONG_MS);
    await one.expectSwitched();
    await other.revert(one.target(), one.token({ term: 2 }), one.from.digest, one.to.digest);
    await other.close();
  });

  it('is gone when staging again fails', async () => {
    await one.stage();
    const broken = { ...one.to, content: `${one.to.content} ` };
    expect(await codeOf(one.stage(one.token(), LONG_MS, broken))).toBe('host.digest-mismatch');
    expect(await one.transaction()).toMatchObject({ step: 'discarded' });
    expect(await codeOf(one.commit())).toBe('host.drift');
  });

  it('does not outlive a reboot', async () => {
    await one.stage();
    await one.host.reboot();
    expect(await codeOf(one.commit())).toBe('host.vote-expired');
    await one.expectBack();
  });
});
