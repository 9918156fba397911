import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, LONG_MS, OneHost } from './one-host.js';

/** Long enough for the next step of a test to come before it, on a busy machine too. */
const SOON_MS = 3_000;
const LOCK = '/var/lib/windlass/fleet-1/lock';

/** Restarts the first of nginx's workers, with the configuration that its master has had all along. */
const ONE_WORKER = `#!/bin/sh
read -r master < /run/nginx.pid
read -r first others < /proc/$master/task/$master/children
kill -TERM "$first"
`;

/** A \`mv\` behind which the script and all that belongs to it are killed, once, when it brought a bundle live. */
const FATAL_MV = `#!/bin/sh
/bin/mv "$@" || exit
case $* in */client-ca.pem) if rm /run/die-behind-rename 2>/dev/null; then kill -9 0; fi ;; esac
`;

let one: OneHost;

beforeAll(async () => {
  one = await OneHost.boot();
});

beforeEach(() => one.begin());

afterEach(async () => {
  await one.revert(one.token({ term: 99 }));
  await one.expectBack();
});

afterAll(() => one?.stop());

function program(name: string, text: string): string {
  one.host.writeFile(`run/${name}`, text);
  one.host.exec(`chmod +x /run/${name}`);
  return `/run/${name}`;
}

const isFree = () => one.host.exec(`flock -n ${LOCK} echo free || echo held`).trim() === 'free';

describe('what each safety of the host script is for', () => {
  it('one new worker proves nothing: a reload counts when every old one has stopped to accept', async () => {
    const target = one.target({ reloadCommand: [program('one-worker', ONE_WORKER)] });
    const before = await one.workers();
    await one.stage(one.token(), LONG_MS, one.to, target);
    expect(await codeOf(one.commit(one.token(), LONG_MS, target))).toBe('host.reload-not-live');
    const after = await one.workers();
    expect(after.filter((pid) => before.includes(pid))).toHaveLength(1);
    expect(await one.served()).toEqual(['CN=Old']);
  });

  it('without a good rollback copy nothing is switched', async () => {
    await one.stage();
    const copy = `/var/lib/windlass/fleet-1/generations/${one.from.digest}`;
    one.host.exec(`echo damaged >> ${copy}`);
    expect(await codeOf(one.commit())).toBe('host.digest-mismatch');
    expect(one.live()).toBe(one.from.content);
    await one.stage();
    await one.commit();
    await one.expectSwitched();
  });

  it('the way back is armed before the rename: killed right behind it, the host goes back by itself', async () => {
    const wrapper = program('mv', FATAL_MV);
    one.host.exec(`mount -t tmpfs tmpfs /usr/local/bin && ln -s ${wrapper} /usr/local/bin/mv`);
    one.host.exec('touch /run/die-behind-rename');
    await one.stage();
    expect(await codeOf(one.commit(one.token(), SOON_MS))).toBe('host.unreachable');
    expect(one.live()).toBe(one.to.content);
    await one.untilStep('returned');
    await one.expectBack();
    await one.unmount('/usr/local/bin');
  });

  it('the lock is free while the host waits for anybody, and the channel stays open', async () => {
    await one.stage();
    expect(isFree()).toBe(true);
    await one.commit();
    expect(isFree()).toBe(true);
    await one.confirm();
    expect(isFree()).toBe(true);
  });

  it('a lower token is refused, whatever it asks for', async () => {
    await one.stage(one.token({ term: 5 }));
    expect(await codeOf(one.commit(one.token({ term: 4, serial: 1_000 })))).toBe('host.stale-token');
    expect(one.live()).toBe(one.from.content);
  });

  it('all of it goes through one process on the host', async () => {
    await one.stage();
    const [first] = sessions();
    await one.commit();
    await one.renew();
    await one.confirm();
    expect(sessions()).toEqual([first]);
  });
});

/** Pids of the shells that were started over SSH and hold the script. */
function sessions(): string[] {
  const found = one.host.exec("grep -lsa 's=[$](dd' /proc/[0-9]*/cmdline || true");
  return found.match(/\d+/g) ?? [];
}
