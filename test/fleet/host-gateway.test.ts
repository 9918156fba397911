import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HostTarget, type HostToken, PortError, Secret } from '#engine';
import { SshHostGateway } from '#host';
import { bootFleet, makeCa, type TestFleet, type TestHost } from '#kit';

const bundle = (content: string) => ({ content, digest: createHash('sha256').update(content).digest('hex') });

let fleet: TestFleet;
let host: TestHost;
let gateway: SshHostGateway;
let from: { content: string; digest: string };
let to: { content: string; digest: string };
let epoch = 0;
let token: HostToken;

function target(change: Partial<HostTarget> = {}): HostTarget {
  return {
    id: host.name,
    name: host.name,
    fleetId: 'fleet-1',
    address: host.address,
    port: host.sshPort,
    user: 'root',
    hostKey: host.hostKey,
    privateKey: new Secret(host.privateKey),
    managedPaths: [host.managedPath],
    nginxBinary: 'nginx',
    ...change,
  };
}

const live = () => host.readFile('etc/nginx/trust/client-ca.pem');

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    expect(JSON.stringify(error.problem)).not.toContain('PRIVATE KEY');
    return error.problem.code;
  }
}

beforeAll(async () => {
  from = bundle((await makeCa({ commonName: 'Old' })).certificatePem);
  to = bundle(from.content + (await makeCa({ commonName: 'New' })).certificatePem);
  fleet = await bootFleet({ hosts: 1, bundlePem: from.content });
  const [first] = fleet.hosts;
  if (!first) throw new Error('no host');
  host = first;
});

beforeEach(async () => {
  await gateway?.close();
  gateway = new SshHostGateway();
  epoch += 1;
  token = { installation: 'test', epoch, term: 1 };
});

afterAll(async () => {
  await gateway?.close();
  await fleet?.stop();
});

describe('one host, the steps of a transaction', () => {
  it('observes nginx, files and workers', async () => {
    const observed = await gateway.observe(target());
    expect(observed.files).toEqual([
      { path: host.managedPath, resolved: host.managedPath, digest: from.digest },
    ]);
    expect(observed.nginx?.workers).toHaveLength(2);
    expect(observed.nginx?.configTestError).toBeNull();
    expect(observed.nginx?.configDump).toContain('ssl_verify_depth 2;');
    expect(observed.nginx?.filesNewerThanWorkers).toEqual([]);
    expect(observed.notWritable).toEqual([]);
    expect(observed.liveContent).toBe(from.content);
    expect(Math.abs(Date.parse(observed.clock) - Date.now())).toBeLessThan(5_000);
  });

  it('stages without touching the live file, commits with new workers, reverts byte for byte', async () => {
    await gateway.stage(target(), token, from.digest, to);
    expect(live()).toBe(from.content);
    const before = (await gateway.observe(target())).nginx?.workers.map(({ pid }) => pid) ?? [];
    const committed = await gateway.commit(target(), token, from.digest, to.digest);
    expect(live()).toBe(to.content);
    expect(committed).toMatchObject({ digest: to.digest, reloaded: true });
    expect(committed.workers.some((pid) => before.includes(pid))).toBe(false);
    const reverted = await gateway.revert(target(), token, from.digest, to.digest);
    expect(live()).toBe(from.content);
    expect(reverted).toMatchObject({ digest: from.digest, reloaded: true });
  });

  it('repeats every step without a second reload (F03)', async () => {
    await gateway.stage(target(), token, from.digest, to);
    await gateway.stage(target(), token, from.digest, to);
    const first = await gateway.commit(target(), token, from.digest, to.digest);
    const second = await gateway.commit(target(), token, from.digest, to.digest);
    expect(second).toMatchObject({ reloaded: false, workers: first.workers });
    await gateway.confirm(target(), token, to.digest);
    await gateway.confirm(target(), token, to.digest);
    await gateway.stage(target(), { ...token, term: 2 }, to.digest, from);
    await gateway.commit(target(), { ...token, term: 2 }, to.digest, from.digest);
    await gateway.confirm(target(), { ...token, term: 2 }, from.digest);
    expect(live()).toBe(from.content);
  });

  it('drops what was staged', async () => {
    await gateway.stage(target(), token, from.digest, to);
    await gateway.discard(target(), token);
    expect(host.exec('ls -A /etc/nginx/trust').trim()).toBe('client-ca.pem');
    expect(await codeOf(gateway.commit(target(), token, from.digest, to.digest))).toBe('host.drift');
  });

  it('refuses an older token and another installation in mid-rotation', async () => {
    await gateway.stage(target(), { ...token, term: 5 }, from.digest, to);
    expect(await codeOf(gateway.commit(target(), { ...token, term: 4 }, from.digest, to.digest))).toBe(
      'host.stale-token',
    );
    const other = { installation: 'clone', epoch: 999, term: 1 };
    expect(await codeOf(gateway.stage(target(), other, from.digest, to))).toBe('host.stale-token');
    await gateway.discard(target(), { ...token, term: 5 });
  });

  it('F02: renamed but not reloaded: a repeat reloads and proves', async () => {
    await gateway.stage(target(), token, from.digest, to);
    host.exec('cd /etc/nginx/trust && mv -f .windlass-staged-client-ca.pem client-ca.pem');
    const report = await gateway.commit(target(), token, from.digest, to.digest);
    expect(report).toMatchObject({ digest: to.digest, reloaded: true });
    await gateway.revert(target(), token, from.digest, to.digest);
    expect(live()).toBe(from.content);
  });

  it('switches the file behind a symbolic link and keeps the link', async () => {
    host.exec('cd /etc/nginx/trust && mv client-ca.pem real.pem && ln -s real.pem client-ca.pem');
    await gateway.stage(target(), token, from.digest, to);
    await gateway.commit(target(), token, from.digest, to.digest);
    expect(host.exec('readlink /etc/nginx/trust/client-ca.pem').trim()).toBe('real.pem');
    await gateway.revert(target(), token, from.digest, to.digest);
    expect(live()).toBe(from.content);
    host.exec('cd /etc/nginx/trust && rm client-ca.pem && mv real.pem client-ca.pem');
  });
});

describe('one host, what goes wrong', () => {
  it('F13: nginx -t fails with the staged bundle: nothing staged, nothing reloaded', async () => {
    const workers = (await gateway.observe(target())).nginx?.workers.map(({ pid }) => pid);
    const broken = bundle('-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n');
    expect(await codeOf(gateway.stage(target(), token, from.digest, broken))).toBe('host.config-test-failed');
    expect(host.exec('ls -A /etc/nginx/trust').trim()).toBe('client-ca.pem');
    expect((await gateway.observe(target())).nginx?.workers.map(({ pid }) => pid)).toEqual(workers);
  });

  it('F14: reload returns 0 and the old configuration stays: detected, and put back byte for byte', async () => {
    const undo = await host.occupyPort();
    expect((await gateway.observe(target())).nginx?.filesNewerThanWorkers).toEqual([]);
    await gateway.stage(target(), token, from.digest, to);
    await expect(gateway.commit(target(), token, from.digest, to.digest)).rejects.toMatchObject({
      problem: { code: 'host.reload-not-live', message: expect.stringContaining('bind()') },
    });
    const reverted = await gateway.revert(target(), token, from.digest, to.digest);
    expect(reverted).toMatchObject({ digest: from.digest, reloaded: false });
    expect(live()).toBe(from.content);
    await undo();
  });

  it('F14: a pid file that names another process is not believed', async () => {
    const pid = host.exec('cat /run/nginx.pid').trim();
    await gateway.stage(target(), token, from.digest, to);
    host.exec('echo 1 > /run/nginx.pid');
    expect(await codeOf(gateway.commit(target(), token, from.digest, to.digest))).toBe(
      'host.reload-not-live',
    );
    host.exec(`echo ${pid} > /run/nginx.pid`);
    await gateway.revert(target(), token, from.digest, to.digest);
    expect(live()).toBe(from.content);
  });

  it('F17: a read-only folder and a full disk leave the live file alone', async () => {
    host.exec('mount --bind /etc/nginx/trust /etc/nginx/trust && mount -o remount,bind,ro /etc/nginx/trust');
    expect((await gateway.observe(target())).notWritable).toEqual(['/etc/nginx/trust']);
    expect(await codeOf(gateway.stage(target(), token, from.digest, to))).toBe('host.no-permission');
    host.exec('umount /etc/nginx/trust');
    host.exec(
      'mount -t tmpfs -o size=16k tmpfs /var/lib/windlass && (dd if=/dev/zero of=/var/lib/windlass/fill bs=1k 2>/dev/null || true)',
    );
    expect(await codeOf(gateway.stage(target(), token, from.digest, to))).toBe('host.disk-full');
    host.exec('umount /var/lib/windlass');
    expect(live()).toBe(from.content);
  });

  it('F24: a file that somebody edited is never overwritten', async () => {
    await gateway.stage(target(), token, from.digest, to);
    host.writeFile('etc/nginx/trust/client-ca.pem', `# edited\n${from.content}`);
    expect(await codeOf(gateway.commit(target(), token, from.digest, to.digest))).toBe('host.drift');
    expect(await codeOf(gateway.stage(target(), { ...token, term: 2 }, from.digest, to))).toBe('host.drift');
    expect(live()).toContain('# edited');
    host.writeFile('etc/nginx/trust/client-ca.pem', from.content);
    await gateway.discard(target(), { ...token, term: 3 });
  });

  it('names a missing path, a missing nginx, a wrong key, a wrong user and a closed port', async () => {
    expect(
      (await gateway.observe(target({ managedPaths: ['/etc/nginx/none.pem'] }))).files[0]?.digest,
    ).toBeNull();
    const nowhere = target({ id: 'p', managedPaths: ['/etc/nginx/none.pem'] });
    expect(await codeOf(gateway.stage(nowhere, token, from.digest, to))).toBe('host.path-missing');
    expect((await gateway.observe(target({ nginxBinary: 'no-such-nginx' }))).nginx).toBeNull();
    expect(
      await codeOf(gateway.stage(target({ nginxBinary: 'no-such-nginx' }), token, from.digest, to)),
    ).toBe('host.no-nginx');
    expect(await codeOf(gateway.observe(target({ user: 'nobody' })))).toBe('host.denied');
    expect(await codeOf(gateway.observe(target({ port: 2223 })))).toBe('host.unreachable');
  });

  it('F20: another host key: nobody logs in', async () => {
    const pinned = host.hostKey;
    await gateway.close();
    await host.changeHostKey();
    const attempts = host.sshdLog().match(/Accepted publickey/g)?.length ?? 0;
    expect(await codeOf(gateway.observe(target({ hostKey: pinned })))).toBe('host.key-changed');
    expect(host.sshdLog().match(/Accepted publickey/g)?.length ?? 0).toBe(attempts);
    await expect(gateway.observe(target())).resolves.toBeDefined();
  });
});
