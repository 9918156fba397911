import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, LONG_MS, OneHost } from './one-host.js';

/** Long enough for the next step of a test to come before it, on a busy machine too. */
const SOON_MS = 3_000;
let one: OneHost;

/** An nginx that is killed, and the whole step with it, at its next reload; afterwards it is nginx. */
const FATAL_NGINX = `#!/bin/sh
if [ "$*" = "-s reload" ] && rm /run/die-at-reload 2>/dev/null; then kill -9 0; fi
exec nginx "$@"
`;

/** An nginx before whose next reload somebody edits the bundle. */
const EDITED_NGINX = `#!/bin/sh
if [ "$*" = "-s reload" ] && rm /run/edit-at-reload 2>/dev/null; then
  printf '# edited\\n' >> /etc/nginx/trust/client-ca.pem
fi
exec nginx "$@"
`;

beforeAll(async () => {
  one = await OneHost.boot();
});

beforeEach(() => one.begin());

afterEach(async () => {
  await one.revert(one.token({ term: 99 }));
  await one.expectBack();
});

afterAll(() => one?.stop());

async function commitAndDieAtReload(deadlineMs: number): Promise<void> {
  one.host.writeFile('run/fatal-nginx', FATAL_NGINX);
  one.host.exec('chmod +x /run/fatal-nginx && touch /run/die-at-reload');
  const target = one.target({ reloadCommand: ['/run/fatal-nginx', '-s', 'reload'] });
  await one.stage(one.token(), LONG_MS, one.to, target);
  expect(await codeOf(one.commit(one.token(), deadlineMs, target))).toBe('host.unreachable');
  expect(one.live()).toBe(one.to.content);
  expect(await one.served()).toEqual(['CN=Old']);
}

/** Keeps the lock until the deadline is past, so that the dead-man and the step both wait for it. */
async function untilBothWait(step: () => Promise<unknown>): Promise<string> {
  await one.stage();
  await one.commit(one.token(), 500);
  one.host.exec('flock /var/lib/windlass/fleet-1/lock sleep 1.5 >/dev/null 2>&1 &');
  return codeOf(step());
}

describe('F02: the script is killed between rename and reload', () => {
  it('a repeat of commit reloads and does nothing else', async () => {
    await commitAndDieAtReload(LONG_MS);
    const inode = one.host.exec('stat -c %i /etc/nginx/trust/client-ca.pem');
    expect(one.watchers()).toHaveLength(1);
    expect(await one.commit()).toMatchObject({ digest: one.to.digest, reloaded: true });
    expect(one.host.exec('stat -c %i /etc/nginx/trust/client-ca.pem')).toBe(inode);
    expect(one.watchers()).toHaveLength(1);
    await one.expectSwitched();
    expect(await one.commit()).toMatchObject({ reloaded: false });
  });

  it('nobody comes back: the host puts itself back and no worker is changed', async () => {
    const before = await one.workers();
    await commitAndDieAtReload(SOON_MS);
    await one.untilStep('returned');
    await one.expectBack();
    expect(await one.workers()).toEqual(before);
  });
});

describe('F39: the dead-man races a step: one winner under the lock', () => {
  it.each([1, 2])('confirm, %i', async () => {
    const outcome = await untilBothWait(() => one.confirm());
    await one.untilNobodyWatches();
    const { step } = (await one.transaction()) ?? {};
    if (outcome === 'ok') {
      expect(step).toBe('confirmed');
      await one.expectSwitched();
    } else {
      expect([outcome, step]).toEqual(['host.not-armed', 'returned']);
      await one.expectBack();
    }
  });

  it.each([1, 2])('revert, %i', async () => {
    expect(await untilBothWait(() => one.revert())).toBe('ok');
    expect(await one.transaction()).toMatchObject({ step: 'reverted', armedForMs: null });
    await one.expectBack();
  });

  it('renew, as late as can be', async () => {
    const outcome = await untilBothWait(() => one.renew());
    const observed = await one.transaction();
    if (outcome === 'ok')
      expect(observed).toMatchObject({ step: 'committed', armedForMs: expect.any(Number) });
    else expect([outcome, observed?.step]).toEqual(['host.not-armed', 'returned']);
  });
});

describe('F42: somebody takes over while an orphan is armed', () => {
  it('a revert by the next term wins; the watcher and the orphan do nothing more', async () => {
    await one.stage();
    const orphan = one.token({ serial: 1_000 });
    await one.commit(one.token(), SOON_MS);
    await one.revert(one.token({ term: 2, serial: 1 }));
    expect(await codeOf(one.commit(orphan))).toBe('host.stale-token');
    expect(await codeOf(one.confirm(orphan))).toBe('host.stale-token');
    await one.untilNobodyWatches();
    await sleep(SOON_MS);
    expect(await one.transaction()).toMatchObject({ token: { term: 2, serial: 1 }, step: 'reverted' });
  });

  it('a repeat of commit by the next term carries the deadline on', async () => {
    await one.stage();
    await one.commit(one.token(), SOON_MS);
    expect(await one.commit(one.token({ term: 2 }), LONG_MS)).toMatchObject({ reloaded: false });
    expect(await codeOf(one.renew(one.token({ serial: 1_000 }), 0))).toBe('host.stale-token');
    await sleep(SOON_MS + 1_000);
    await one.expectSwitched();
    await one.confirm(one.token({ term: 2 }));
  });
});

/** The host had been up for longer before: what it noted then lies in the future of its clock now. */
async function rebootAfterLongUptime(): Promise<void> {
  const ticks = 's/^(switched|renamed|reloaded|deadline) [1-9][0-9]*/\\1 99999999999/';
  one.host.exec(`sed -E -i '${ticks}' /var/lib/windlass/fleet-1/state`);
  await one.host.reboot();
}

describe('F40: the host is rebooted while it is armed', () => {
  it('nothing fires, and a repeat of commit arms it again', async () => {
    await one.stage();
    await one.commit(one.token(), SOON_MS);
    await rebootAfterLongUptime();
    await sleep(SOON_MS);
    expect(await one.transaction()).toMatchObject({ step: 'committed', armedForMs: null });
    expect(await codeOf(one.renew())).toBe('host.not-armed');
    expect(await one.commit()).toMatchObject({ reloaded: false });
    await one.expectSwitched();
    await one.renew(one.token(), 0);
    await one.untilStep('returned');
  });

  it('a revert knows that the workers were started with the new bundle', async () => {
    await one.stage();
    await one.commit();
    await rebootAfterLongUptime();
    expect(await one.revert()).toMatchObject({ digest: one.from.digest, reloaded: true });
  });

  it('F18: the rename was lost with the power: a repeat of commit switches again and reloads', async () => {
    await one.stage();
    one.host.exec('cp -p /etc/nginx/trust/.windlass-staged-client-ca.pem /run/staged');
    await one.commit();
    await one.host.powerOff();
    one.host.writeFile('etc/nginx/trust/client-ca.pem', one.from.content);
    one.host.writeFile('etc/nginx/trust/.windlass-staged-client-ca.pem', one.host.readFile('run/staged'));
    await one.host.powerOn();
    await rebootAfterLongUptime();
    expect(await one.commit()).toMatchObject({ digest: one.to.digest, reloaded: true });
    await one.expectSwitched();
  });
});

describe('F24: the bundle is edited between rename and reload', () => {
  it('what the new workers serve is not taken for the switch, and the edit is left alone', async () => {
    one.host.writeFile('run/edited-nginx', EDITED_NGINX);
    one.host.exec('chmod +x /run/edited-nginx && touch /run/edit-at-reload');
    const target = one.target({ reloadCommand: ['/run/edited-nginx', '-s', 'reload'] });
    await one.stage(one.token(), LONG_MS, one.to, target);
    expect(await codeOf(one.commit(one.token(), LONG_MS, target))).toBe('host.drift');
    expect(one.live()).toBe(`${one.to.content}# edited\n`);
    expect(await codeOf(one.revert())).toBe('host.drift');
    expect(one.live()).toContain('# edited');
    one.host.writeFile('etc/nginx/trust/client-ca.pem', one.to.content);
  });
});
