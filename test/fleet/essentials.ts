import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { OpensslChainVerifier } from '#certificates';
import { bundle, codeOf, LONG_MS, type OneHost } from './one-host.js';

const SHORT_MS = 300;

/** What must hold on every kind of host, whatever shell and tools it has. */
export function itDoesTheEssentials(host: () => OneHost): void {
  it('observes nginx, files and workers', async () => {
    const observed = await host().gateway.observe(host().target());
    expect(observed.files).toEqual([
      { path: host().host.managedPath, resolved: host().host.managedPath, digest: host().from.digest },
    ]);
    expect(observed.nginx).toMatchObject({ configTestError: null, filesNewerThanWorkers: [] });
    expect(observed.nginx?.workers).toHaveLength(2);
    expect(observed.notWritable).toEqual([]);
    expect(observed.freeBytes).toBeGreaterThan(0);
    expect(observed.liveContent).toBe(host().from.content);
    expect(Math.abs(Date.parse(observed.clock) - Date.now())).toBeLessThan(60_000);
  });

  it('tries a bundle, and judges a client by its own OpenSSL', async () => {
    const one = host();
    const before = await one.transaction();
    await one.gateway.tryBundle(one.target(), one.to.content);
    expect(await codeOf(one.gateway.tryBundle(one.target(), 'junk\n'))).toBe('host.config-test-failed');
    expect(await one.gateway.openssl(one.target())).toMatchObject({ securityLevel: 2 });
    const verifier = OpensslChainVerifier.local().by((asked) => one.gateway.verify(one.target(), asked));
    const { certificatePem: leafPem } = await one.oldCa.issueClient({ commonName: 'client' });
    const question = { trustedPem: '', depth: 1, leafPem, sentPem: '' };
    const refused = { verdict: 'refused', cause: 'unable to get local issuer certificate' };
    const newOnly = one.to.content.slice(one.from.content.length);
    expect(await verifier.verify({ ...question, bundlePem: one.to.content })).toEqual({
      verdict: 'accepted',
    });
    expect(await verifier.verify({ ...question, bundlePem: newOnly })).toMatchObject(refused);
    expect(await one.transaction()).toEqual(before);
    await one.expectBack();
  });

  it('tells who came, by the end of a log and of the one before it', async () => {
    const one = host();
    const columns = { time: 2, verify: 1, serial: 3, issuer: 4, subject: 5 };
    const entry = (verify: string, at: string, who: string) => `${verify}\t${at}\t0A\tCN=Old\tCN=${who}\n`;
    one.host.writeFile(
      'var/log/nginx/clients.log.1',
      entry('SUCCESS', '1795619230.000', 'a\\x22b, c') + entry('NONE', '1795619231.000', ''),
    );
    one.host.writeFile(
      'var/log/nginx/clients.log',
      `${entry('FAILED:expired', '1795619232.000', 'late')}no entry\n${entry('SUCCESS', '1795619234.038', 'a\\x22b, c')}${entry('SUCCESS', '1795619233.000', 'd')}`,
    );
    const said = await one.gateway.clients(one.target(), { path: '/var/log/nginx/clients.log', columns });
    const of = (subject: string, requests: number, lastSeen: number) => ({
      ...{ serial: '0a', issuer: 'CN=Old', subject, requests, lastSeen },
    });
    expect({ ...said, clients: [...said.clients].sort((a, b) => a.lastSeen - b.lastSeen) }).toEqual({
      ...{ since: 1_795_619_230_000, known: 2 },
      clients: [of('CN=d', 1, 1_795_619_233_000), of('CN=a"b, c', 2, 1_795_619_234_038)],
    });
    one.host.exec('rm /var/log/nginx/clients.log*');
    expect(
      await codeOf(one.gateway.clients(one.target(), { path: '/var/log/nginx/clients.log', columns })),
    ).toBe('host.log-missing');
  });

  it('reads a log on from where it left it, over a rotation, and remembers who came before', async () => {
    const one = host();
    const columns = { time: 1, verify: 2, serial: 3, issuer: 4, subject: 5 };
    const LOG = 'var/log/nginx/grows.log';
    const entry = (at: number, who: string) => `17956192${at}.000\tSUCCESS\t0A\tCN=Old\tCN=${who}\n`;
    const append = (text: string) => one.host.writeFile(LOG, one.host.readFile(LOG) + text);
    const seen = async () => {
      const { since, clients } = await one.gateway.clients(one.target(), { path: `/${LOG}`, columns });
      const counted = clients.map(({ subject, requests }) => `${subject} ${requests}`).sort();
      return [since === null ? null : since / 1000 - 1_795_619_200, ...counted];
    };
    one.host.writeFile(LOG, entry(10, 'a') + entry(11, 'b'));
    expect(await seen()).toEqual([10, 'CN=a 1', 'CN=b 1']);
    expect(await seen()).toEqual([10, 'CN=a 1', 'CN=b 1']);
    // A line that is still being written counts when it is whole, and once.
    append(entry(12, 'a') + entry(13, 'c').slice(0, -5));
    expect(await seen()).toEqual([10, 'CN=a 2', 'CN=b 1']);
    append(entry(13, 'c').slice(-5));
    expect(await seen()).toEqual([10, 'CN=a 2', 'CN=b 1', 'CN=c 1']);
    append(entry(14, 'b'));
    one.host.exec(`mv /${LOG} /${LOG}.1`);
    one.host.writeFile(LOG, entry(15, 'd'));
    expect(await seen()).toEqual([10, 'CN=a 2', 'CN=b 2', 'CN=c 1', 'CN=d 1']);
    one.host.exec(`mv /${LOG} /${LOG}.1; : > /${LOG}`);
    expect(await seen()).toEqual([10, 'CN=a 2', 'CN=b 2', 'CN=c 1', 'CN=d 1']);
    append(entry(16, 'a'));
    expect(await seen()).toEqual([10, 'CN=a 3', 'CN=b 2', 'CN=c 1', 'CN=d 1']);
    // Overwritten in place: whoever came meanwhile is unknown, so nothing of before is claimed.
    one.host.writeFile(LOG, entry(20, 'e') + entry(21, 'e') + entry(22, 'e'));
    one.host.exec(`rm /${LOG}.1`);
    expect(await seen()).toEqual([20, 'CN=e 3']);
    one.host.exec(`rm /${LOG}`);
  });

  it('tells all clients where a full disk takes no sums, and where the log is a link', async () => {
    const one = host();
    const columns = { time: 1, verify: 2, serial: 3, issuer: 4, subject: 5 };
    const CLIENTS = 2_000;
    const lines = Array.from(
      { length: CLIENTS },
      (_, index) => `1795619234.038\tSUCCESS\t${index}\tCN=Old\tCN=client ${index}\n`,
    );
    one.host.writeFile('var/log/nginx/real.log', lines.join(''));
    one.host.exec('ln -s real.log /var/log/nginx/linked.log');
    const known = async () =>
      (await one.gateway.clients(one.target(), { path: '/var/log/nginx/linked.log', columns })).known;
    one.host.exec('mkdir -p /var/lib/windlass && mount -t tmpfs -o size=32k tmpfs /var/lib/windlass');
    expect([await known(), await known()]).toEqual([CLIENTS, CLIENTS]);
    await one.unmount('/var/lib/windlass');
    expect([await known(), await known()]).toEqual([CLIENTS, CLIENTS]);
    one.host.exec('rm /var/log/nginx/real.log /var/log/nginx/linked.log');
  });

  it('switches, renews, confirms and reverts, byte for byte', async () => {
    const one = host();
    await one.stage();
    expect(one.live()).toBe(one.from.content);
    const before = await one.workers();
    const { workers } = await one.commit();
    expect(workers.some((pid) => before.includes(pid))).toBe(false);
    await one.renew();
    await one.expectSwitched();
    expect(await one.transaction()).toMatchObject({ step: 'committed', armedForMs: expect.any(Number) });
    expect(await one.commit()).toMatchObject({ reloaded: false, workers });
    await one.confirm();
    expect(await one.revert()).toMatchObject({ digest: one.from.digest, reloaded: true });
    await one.expectBack();
  });

  it('puts itself back when nobody comes', async () => {
    const one = host();
    await one.stage();
    await one.commit(one.token(), SHORT_MS);
    await one.gateway.close();
    await one.untilStep('returned');
    await one.expectBack();
  });

  it('orders tokens of 53 bits and lets votes run out', async () => {
    const one = host();
    const serial = Number.MAX_SAFE_INTEGER;
    await one.stage(one.token({ serial: serial - 2 }), 0);
    expect(await codeOf(one.commit(one.token({ serial: serial - 2 })))).toBe('host.stale-token');
    expect(await codeOf(one.commit(one.token({ serial: serial - 1 })))).toBe('host.vote-expired');
    expect(await codeOf(one.stage(one.token({ serial: 10 }), LONG_MS))).toBe('host.stale-token');
    await one.discard(one.token({ serial }));
    await one.expectBack();
  });

  it('drops what was staged when the vote runs out or the connection ends', async () => {
    const one = host();
    await one.stage(one.token(), SHORT_MS);
    await one.untilStep('discarded');
    await one.expectBack();
    await one.stage();
    await one.gateway.close();
    await one.untilStep('discarded');
    await one.expectBack();
  });

  it('F24: leaves alone what somebody edited', async () => {
    const one = host();
    await one.stage();
    one.host.writeFile('etc/nginx/trust/client-ca.pem', `# edited\n${one.from.content}`);
    expect(await codeOf(one.commit())).toBe('host.drift');
    expect(one.live()).toBe(`# edited\n${one.from.content}`);
    one.host.writeFile('etc/nginx/trust/client-ca.pem', one.from.content);
    await one.discard();
    await one.expectBack();
  });

  it('F13: stages nothing that nginx -t refuses', async () => {
    const one = host();
    const before = await one.workers();
    const broken = bundle('-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n');
    expect(await codeOf(one.stage(one.token(), LONG_MS, broken))).toBe('host.config-test-failed');
    expect(await one.workers()).toEqual(before);
    await one.expectBack();
  });

  it('F14: finds that a reload did not take, and goes back', async () => {
    const one = host();
    const undo = await one.host.occupyPort();
    await one.stage();
    await expect(one.commit()).rejects.toMatchObject({
      problem: { code: 'host.reload-not-live', message: expect.stringContaining('bind()') },
    });
    expect(await one.served()).toEqual(['CN=Old']);
    expect(await one.revert()).toMatchObject({ digest: one.from.digest, reloaded: false });
    await undo();
    await one.expectBack();
  });

  it('waits for the lock that another step holds', async () => {
    const one = host();
    const lock = '/var/lib/windlass/fleet-1/lock';
    one.host.exec(`mkdir -p /var/lib/windlass/fleet-1; touch /run/held; flock ${lock} sh -c 'while [ -e /run/held ]; do sleep 0.1; done' >/dev/null 2>&1 &
      while flock -n ${lock} true; do sleep 0.02; done`);
    let staged = false;
    const stage = one.stage().then(() => {
      staged = true;
    });
    await sleep(3 * SHORT_MS);
    expect(staged).toBe(false);
    one.host.exec('rm /run/held');
    await stage;
    await one.discard();
    await one.expectBack();
  });

  it('is missed when it is killed: commit leaves another process that puts it back', async () => {
    const one = host();
    await one.stage();
    await one.commit();
    one.host.exec(`kill -9 ${one.watchers().join(' ')}`);
    await one.untilNobodyWatches();
    expect(await one.commit(one.token(), LONG_MS)).toMatchObject({ reloaded: false });
    expect(one.watchers()).toHaveLength(1);
    await one.renew(one.token(), 0);
    await one.untilStep('returned');
    await sleep(SHORT_MS);
    await one.expectBack();
  });
}
