import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, LONG_MS, OneHost } from './one-host.js';

let one: OneHost;

beforeEach(async () => {
  one = await OneHost.boot();
});

afterEach(() => one?.stop());

/** Stages, and switches by a reload command that does `script`. */
async function commitWith(script: string): Promise<unknown> {
  one.host.writeFile('run/reload', `#!/bin/sh\n${script}\n`);
  one.host.exec('chmod +x /run/reload');
  const target = one.target({ reloadCommand: ['/run/reload'] });
  await one.stage(one.token(), LONG_MS, one.to, target);
  return one.commit(one.token(), LONG_MS, target);
}

/** An nginx whose master is of an older version than the one on the disk: it lacks one directive. */
function runAnOlderMaster(): void {
  one.host.exec(`nginx=$(readlink -f "$(command -v nginx)")
    sed s/msie_refresh/msie_refrosh/g "$nginx" > /run/older-nginx && chmod +x /run/older-nginx
    nginx -s stop; while [ -e /run/nginx.pid ]; do sleep 0.05; done
    /run/older-nginx`);
}

describe('a reload that returned 0 is not live', () => {
  it('F14: a master that is older than the binary on the disk cannot read what nginx -t passes', async () => {
    runAnOlderMaster();
    await expect.poll(() => one.workers(), { timeout: 10_000 }).toHaveLength(2);
    const before = await one.workers();
    one.host.exec(`cd /etc/nginx && cp -p nginx.conf /run/nginx.conf && sed -i 's/access_log off;/& msie_refresh off;/' nginx.conf
      touch -r /run/nginx.conf nginx.conf && nginx -t`);
    await one.stage();
    await expect(one.commit()).rejects.toMatchObject({
      problem: { code: 'host.reload-not-live', message: expect.stringContaining('unknown directive') },
    });
    expect(await one.served()).toEqual(['CN=Old']);
    expect(await one.revert()).toMatchObject({ reloaded: false });
    expect(await one.workers()).toEqual(before);
    await one.expectBack();
  });

  it.each([
    ['SIGHUP, which is always sent', 'kill -HUP $(cat /run/nginx.pid)'],
    ['nginx -s reload, which fails', 'exec nginx -s reload'],
  ])(
    'the bundle is broken between test and reload: the master keeps what it has (%s)',
    async (_how, reload) => {
      const before = await one.workers();
      const broken = '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n';
      one.host.writeFile('run/broken', broken);
      const commit = commitWith(`cp /run/broken /etc/nginx/trust/client-ca.pem\n${reload}`);
      await expect(commit).rejects.toMatchObject({
        problem: { code: 'host.reload-not-live', message: expect.stringContaining('client-ca.pem') },
      });
      expect(await one.served()).toEqual(['CN=Old']);
      expect(await codeOf(one.revert())).toBe('host.drift');
      expect(one.live()).toBe(broken);
      one.host.writeFile('etc/nginx/trust/client-ca.pem', one.to.content);
      expect(await one.revert()).toMatchObject({ digest: one.from.digest, reloaded: false });
      expect(await one.workers()).toEqual(before);
      await one.expectBack();
    },
  );

  it('old workers answer for a while after it: the switch is reported when none of them does', async () => {
    const before = await one.workers();
    const commit = commitWith('(sleep 1; exec nginx -s reload) >/dev/null 2>&1 &');
    await expect.poll(() => one.live(), { timeout: 10_000 }).toBe(one.to.content);
    expect(await one.served()).toEqual(['CN=Old']);
    await expect(commit).resolves.toMatchObject({ reloaded: true });
    const asked = Array.from({ length: 30 }, () => one.served());
    for (const served of await Promise.all(asked)) expect(served).toEqual(['CN=Old', 'CN=New']);
    expect((await one.workers()).some((pid) => before.includes(pid))).toBe(false);
    await one.revert();
    await one.expectBack();
  });
});
