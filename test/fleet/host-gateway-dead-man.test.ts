import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, LONG_MS, OneHost } from './one-host.js';

/** Long enough for the next step of a test to come before it, on a busy machine too. */
const SOON_MS = 3_000;
const AT_ONCE_MS = 300;
let one: OneHost;

beforeAll(async () => {
  one = await OneHost.boot();
});

beforeEach(() => one.begin());

afterEach(async () => {
  await one.revert();
  await one.expectBack();
});

afterAll(() => one?.stop());

describe('a committed host that nobody comes back to', () => {
  it('F31: the orchestrator is gone after commit: the host puts itself back', async () => {
    await one.stage();
    const { workers, digest } = await one.commit(one.token(), AT_ONCE_MS);
    expect(digest).toBe(one.to.digest);
    await one.gateway.close();
    await expect.poll(() => one.live(), { timeout: 30_000 }).toBe(one.from.content);
    await one.untilNobodyWatches();
    await one.expectBack();
    expect((await one.workers()).some((pid) => workers.includes(pid))).toBe(false);
    expect(await one.transaction()).toMatchObject({ step: 'returned', armedForMs: null });
  });

  it('F31: sshd and every login are killed with it', async () => {
    await one.stage();
    await one.commit(one.token(), AT_ONCE_MS);
    one.host.exec(
      'for p in $(cat /proc/1/task/1/children); do grep -qa ^sshd /proc/$p/cmdline && kill -9 $p; done; true',
    );
    await expect.poll(() => one.live(), { timeout: 30_000 }).toBe(one.from.content);
    await one.untilStep('returned');
  });

  it('F14: the reload did not take: the file goes back, and no worker is troubled again', async () => {
    const undo = await one.host.occupyPort();
    const before = await one.workers();
    await one.stage();
    expect(await codeOf(one.commit(one.token(), AT_ONCE_MS))).toBe('host.reload-not-live');
    await one.untilStep('returned');
    expect(await one.workers()).toEqual(before);
    await undo();
  });

  it('F17: what fails at the deadline is tried again', async () => {
    await one.stage();
    await one.commit(one.token(), SOON_MS);
    one.host.exec('cd /etc/nginx && mount --bind trust trust && mount -o remount,bind,ro trust');
    await sleep(SOON_MS + 1_000);
    expect(await one.transaction()).toMatchObject({ step: 'committed', armedForMs: 0 });
    await one.unmount('/etc/nginx/trust');
    await one.untilStep('returned');
  });

  it('says so to whoever confirms, renews or commits too late, and may be switched again', async () => {
    await one.stage();
    await one.commit(one.token(), 0);
    await one.untilStep('returned');
    expect(await codeOf(one.confirm())).toBe('host.not-armed');
    expect(await codeOf(one.renew())).toBe('host.not-armed');
    expect(await codeOf(one.commit())).toBe('host.not-armed');
    expect(await one.transaction()).toMatchObject({ step: 'returned' });
    await one.stage();
    expect(await one.commit()).toMatchObject({ reloaded: true });
    await one.expectSwitched();
  });
});

describe('the deadline', () => {
  it('moves with renew', async () => {
    await one.stage();
    await one.commit(one.token(), SOON_MS);
    await one.renew(one.token(), LONG_MS);
    await sleep(SOON_MS + 1_000);
    await one.expectSwitched();
    expect((await one.transaction())?.armedForMs).toBeGreaterThan(LONG_MS / 2);
    await one.renew(one.token(), 0);
    await one.untilStep('returned');
  });

  it('is ended by confirm, which may be repeated', async () => {
    await one.stage();
    await one.commit(one.token(), SOON_MS);
    await one.confirm();
    await one.confirm();
    expect(await one.transaction()).toMatchObject({ step: 'confirmed', armedForMs: null });
    await one.untilNobodyWatches();
    await sleep(SOON_MS);
    await one.expectSwitched();
    expect(await codeOf(one.renew())).toBe('host.not-armed');
    expect(await one.transaction()).toMatchObject({ step: 'confirmed' });
  });

  it('is ended by revert', async () => {
    await one.stage();
    await one.commit();
    await one.revert();
    await one.expectBack();
    expect(await one.transaction()).toMatchObject({ step: 'reverted', armedForMs: null });
    expect(await codeOf(one.renew())).toBe('host.not-armed');
    expect(await codeOf(one.confirm())).toBe('host.not-armed');
  });
});

describe('the process that watches', () => {
  it('is one, has a session of its own, and holds nothing of the step that started it', async () => {
    await one.stage();
    await one.commit();
    const [pid, ...more] = one.watchers();
    expect(more).toEqual([]);
    const session = one.host.exec(`cut -d' ' -f6 /proc/${pid}/stat`).trim();
    expect(session).toBe(String(pid));
    const files = one.host.exec(`for f in /proc/${pid}/fd/*; do readlink $f; done`).trim().split('\n');
    expect(new Set(files)).toEqual(new Set(['/dev/null']));
    await one.commit();
    expect(one.watchers()).toEqual([pid]);
  });

  it('is missed when it was killed, and started again by a repeat of commit', async () => {
    await one.stage();
    await one.commit();
    one.host.exec(`kill -9 ${one.watchers().join(' ')}`);
    await one.untilNobodyWatches();
    expect(await one.transaction()).toMatchObject({ step: 'committed', armedForMs: null });
    expect(await codeOf(one.renew())).toBe('host.not-armed');
    expect(await one.commit(one.token(), SOON_MS)).toMatchObject({ reloaded: false });
    expect(one.watchers()).toHaveLength(1);
    await one.renew(one.token(), 0);
    await one.untilStep('returned');
  });

  it('stays when no other can be started that would wake earlier', async () => {
    const setsid = '"$(readlink -f "$(command -v setsid)")"';
    await one.stage();
    await one.commit();
    const before = one.watchers();
    one.host.exec(`mount --bind /bin/false ${setsid}`);
    expect(await codeOf(one.renew(one.token(), SOON_MS))).toBe('host.script-failed');
    await one.unmount(setsid);
    expect(one.watchers()).toEqual(before);
    expect((await one.transaction())?.armedForMs).toBeGreaterThan(SOON_MS);
    await one.renew(one.token(), SOON_MS);
    expect(one.watchers()).toHaveLength(1);
    expect(one.watchers()).not.toEqual(before);
    await one.untilStep('returned');
  });

  it('cannot be started: nothing is staged, and nothing is switched', async () => {
    const setsid = '"$(readlink -f "$(command -v setsid)")"';
    one.host.exec(`mount --bind /bin/false ${setsid}`);
    expect(await codeOf(one.stage())).toBe('host.script-failed');
    expect(one.trustFolder()).toEqual(['client-ca.pem']);
    await one.unmount(setsid);
    await one.stage();
    one.host.exec(`kill -9 ${one.watchers().join(' ')}`);
    await one.untilNobodyWatches();
    one.host.exec(`mount --bind /bin/false ${setsid}`);
    expect(await codeOf(one.commit())).toBe('host.script-failed');
    await one.unmount(setsid);
    expect(one.live()).toBe(one.from.content);
    expect(await one.transaction()).toMatchObject({ step: 'staged', armedForMs: null });
    await one.commit();
    await one.expectSwitched();
  });
});
