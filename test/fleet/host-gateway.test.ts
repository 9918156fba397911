import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle, codeOf, LONG_MS, OneHost } from './one-host.js';

let one: OneHost;

beforeAll(async () => {
  one = await OneHost.boot();
});

beforeEach(() => one.begin());

afterAll(() => one?.stop());

describe('one host, the steps of a transaction', () => {
  it('observes nginx, files and workers', async () => {
    const observed = await one.gateway.observe(one.target());
    expect(observed.files).toEqual([
      { path: one.host.managedPath, resolved: one.host.managedPath, digest: one.from.digest },
    ]);
    expect(observed.nginx?.workers).toHaveLength(2);
    expect(observed.nginx?.configTestError).toBeNull();
    expect(observed.nginx?.configDump).toContain('ssl_verify_depth 2;');
    expect(observed.nginx?.filesNewerThanWorkers).toEqual([]);
    expect(observed.notWritable).toEqual([]);
    expect(observed.liveContent).toBe(one.from.content);
    expect(Math.abs(Date.parse(observed.clock) - Date.now())).toBeLessThan(5_000);
  });

  it('stages without touching the live file, commits with new workers, reverts byte for byte', async () => {
    await one.stage();
    expect(one.live()).toBe(one.from.content);
    const before = (await one.gateway.observe(one.target())).nginx?.workers.map(({ pid }) => pid) ?? [];
    const committed = await one.commit();
    expect(one.live()).toBe(one.to.content);
    expect(committed).toMatchObject({ digest: one.to.digest, reloaded: true });
    expect(committed.workers.some((pid) => before.includes(pid))).toBe(false);
    const reverted = await one.revert();
    expect(one.live()).toBe(one.from.content);
    expect(reverted).toMatchObject({ digest: one.from.digest, reloaded: true });
  });

  it('repeats every step without a second reload (F03)', async () => {
    await one.stage();
    await one.stage();
    const first = await one.commit();
    const second = await one.commit();
    expect(second).toMatchObject({ reloaded: false, workers: first.workers });
    await one.confirm();
    await one.confirm();
    await one.gateway.stage(one.target(), one.token(), one.to.digest, one.from, LONG_MS);
    await one.gateway.commit(one.target(), one.token(), one.to.digest, one.from.digest, LONG_MS);
    await one.gateway.confirm(one.target(), one.token(), one.from.digest);
    expect(one.live()).toBe(one.from.content);
  });

  it('drops what was staged', async () => {
    await one.stage();
    await one.discard();
    expect(one.host.exec('ls -A /etc/nginx/trust').trim()).toBe('client-ca.pem');
    expect(await codeOf(one.commit())).toBe('host.drift');
  });

  it('F02: renamed but not reloaded: a repeat reloads and proves', async () => {
    await one.stage();
    one.host.exec('cd /etc/nginx/trust && mv -f .windlass-staged-client-ca.pem client-ca.pem');
    const report = await one.commit();
    expect(report).toMatchObject({ digest: one.to.digest, reloaded: true });
    await one.revert();
    expect(one.live()).toBe(one.from.content);
  });

  it('switches the file behind a symbolic link and keeps the link', async () => {
    one.host.exec('cd /etc/nginx/trust && mv client-ca.pem real.pem && ln -s real.pem client-ca.pem');
    await one.stage();
    await one.commit();
    expect(one.host.exec('readlink /etc/nginx/trust/client-ca.pem').trim()).toBe('real.pem');
    await one.revert();
    expect(one.live()).toBe(one.from.content);
    one.host.exec('cd /etc/nginx/trust && rm client-ca.pem && mv real.pem client-ca.pem');
  });
});

describe('one host, what goes wrong', () => {
  it('F13: nginx -t fails with the staged bundle: nothing staged, nothing reloaded', async () => {
    const workers = (await one.gateway.observe(one.target())).nginx?.workers.map(({ pid }) => pid);
    const broken = bundle('-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n');
    expect(await codeOf(one.stage(one.token(), LONG_MS, broken))).toBe('host.config-test-failed');
    expect(one.host.exec('ls -A /etc/nginx/trust').trim()).toBe('client-ca.pem');
    expect((await one.gateway.observe(one.target())).nginx?.workers.map(({ pid }) => pid)).toEqual(workers);
  });

  it('F14: reload returns 0 and the old configuration stays: detected, and put back byte for byte', async () => {
    const undo = await one.host.occupyPort();
    expect((await one.gateway.observe(one.target())).nginx?.filesNewerThanWorkers).toEqual([]);
    await one.stage();
    await expect(one.commit()).rejects.toMatchObject({
      problem: { code: 'host.reload-not-live', message: expect.stringContaining('bind()') },
    });
    const reverted = await one.revert();
    expect(reverted).toMatchObject({ digest: one.from.digest, reloaded: false });
    expect(one.live()).toBe(one.from.content);
    await undo();
  });

  it('F14: a pid file that names another process is not believed', async () => {
    const pid = one.host.exec('cat /run/nginx.pid').trim();
    await one.stage();
    one.host.exec('echo 1 > /run/nginx.pid');
    expect(await codeOf(one.commit())).toBe('host.reload-not-live');
    one.host.exec(`echo ${pid} > /run/nginx.pid`);
    await one.revert();
    expect(one.live()).toBe(one.from.content);
  });

  it('F17: a read-only folder leaves the live file alone', async () => {
    one.host.exec(
      'mount --bind /etc/nginx/trust /etc/nginx/trust && mount -o remount,bind,ro /etc/nginx/trust',
    );
    try {
      expect((await one.gateway.observe(one.target())).notWritable).toEqual(['/etc/nginx/trust']);
      expect(await codeOf(one.stage())).toBe('host.no-permission');
    } finally {
      await one.unmount('/etc/nginx/trust');
    }
    expect(one.live()).toBe(one.from.content);
  });

  it('F17: a full disk leaves the live file alone', async () => {
    one.host.exec(
      'mount -t tmpfs -o size=16k tmpfs /var/lib/windlass && (dd if=/dev/zero of=/var/lib/windlass/fill bs=1k 2>/dev/null || true)',
    );
    try {
      expect(await codeOf(one.stage())).toBe('host.disk-full');
    } finally {
      await one.unmount('/var/lib/windlass');
    }
    expect(one.live()).toBe(one.from.content);
  });

  it('F24: a file that somebody edited is never overwritten', async () => {
    await one.stage();
    one.host.writeFile('etc/nginx/trust/client-ca.pem', `# edited\n${one.from.content}`);
    expect(await codeOf(one.commit())).toBe('host.drift');
    expect(await codeOf(one.stage())).toBe('host.drift');
    expect(one.live()).toContain('# edited');
    one.host.writeFile('etc/nginx/trust/client-ca.pem', one.from.content);
    await one.discard();
  });

  it('names a missing path, a missing nginx, a wrong key, a wrong user and a closed port', async () => {
    expect(
      (await one.gateway.observe(one.target({ managedPaths: ['/etc/nginx/none.pem'] }))).files[0]?.digest,
    ).toBeNull();
    const nowhere = one.target({ id: 'p', managedPaths: ['/etc/nginx/none.pem'] });
    expect(await codeOf(one.stage(one.token(), LONG_MS, one.to, nowhere))).toBe('host.path-missing');
    expect((await one.gateway.observe(one.target({ nginxBinary: 'no-such-nginx' }))).nginx).toBeNull();
    expect(
      await codeOf(one.stage(one.token(), LONG_MS, one.to, one.target({ nginxBinary: 'no-such-nginx' }))),
    ).toBe('host.no-nginx');
    expect(await codeOf(one.gateway.observe(one.target({ user: 'nobody' })))).toBe('host.denied');
    expect(await codeOf(one.gateway.observe(one.target({ port: 2223 })))).toBe('host.unreachable');
  });

  it('F20: another host key: nobody logs in', async () => {
    const pinned = one.host.hostKey;
    await one.gateway.close();
    await one.host.changeHostKey();
    const attempts = one.host.sshdLog().match(/Accepted publickey/g)?.length ?? 0;
    expect(await codeOf(one.gateway.observe(one.target({ hostKey: pinned })))).toBe('host.key-changed');
    expect(one.host.sshdLog().match(/Accepted publickey/g)?.length ?? 0).toBe(attempts);
    await expect(one.gateway.observe(one.target())).resolves.toBeDefined();
  });
});
