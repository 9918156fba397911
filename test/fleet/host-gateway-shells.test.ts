import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, LONG_MS, OneHost } from './one-host.js';

/** What `/bin/sh` is: dash on Debian and Ubuntu, bash in its POSIX mode on Red Hat and SUSE. */
describe.each(['dash', 'bash'])('where /bin/sh is %s', (shell) => {
  let one: OneHost;

  beforeAll(async () => {
    one = await OneHost.boot();
    one.host.exec(`cp "$(command -v ${shell})" /run/sh && mount --bind /run/sh "$(readlink -f /bin/sh)"`);
  });

  beforeEach(() => one.begin());

  afterAll(() => one?.stop());

  it('switches, renews, confirms and reverts', async () => {
    await one.stage();
    await one.commit();
    await one.renew();
    await one.expectSwitched();
    expect(await one.transaction()).toMatchObject({ step: 'committed', armedForMs: expect.any(Number) });
    await one.confirm();
    expect(await one.revert()).toMatchObject({ digest: one.from.digest, reloaded: true });
    await one.expectBack();
  });

  it('puts itself back when nobody comes', async () => {
    await one.stage();
    await one.commit(one.token(), 500);
    await one.gateway.close();
    await one.untilStep('returned');
    await one.expectBack();
  });

  it('orders tokens and lets votes run out', async () => {
    const serial = Number.MAX_SAFE_INTEGER;
    await one.stage(one.token({ serial: serial - 2 }), 0);
    expect(await codeOf(one.commit(one.token({ serial: serial - 2 })))).toBe('host.stale-token');
    expect(await codeOf(one.commit(one.token({ serial: serial - 1 })))).toBe('host.vote-expired');
    expect(await codeOf(one.stage(one.token({ serial: 10 }), LONG_MS))).toBe('host.stale-token');
    await one.discard(one.token({ serial }));
    await one.expectBack();
  });
});
