import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vhost } from '../../fleet/nginx-site.js';
import { codeOf, LONG_MS, OneHost } from '../../fleet/one-host.js';
import { SteadyClient } from '../../fleet/steady-client.js';

const PATHS = ['/etc/nginx/trust/client-ca.pem', '/etc/nginx/trust/second.pem'] as const;
const PORTS = [8443, 8444] as const;
const OLD = ['CN=Old'];
const BOTH = ['CN=Old', 'CN=New'];
/** Long enough for what others do before it. */
const SOON_MS = 4_000;
const PATIENCE = { timeout: 30_000, interval: 50 };

/** A `mv` that kills the whole step behind the first rename of a bundle, once. */
const FATAL_MV = `#!/bin/sh
/bin/mv "$@" || exit
case $3 in /etc/nginx/trust/*) rm /run/die 2>/dev/null && kill -9 0 ;; esac
exit 0
`;

let one: OneHost;
let client: SteadyClient;

beforeEach(async () => {
  one = await OneHost.boot({ sessionPath: '/run/tools:/usr/bin:/bin' });
  one.host.exec(`mkdir /run/tools && cp ${PATHS[0]} ${PATHS[1]}`);
  one.host.writeFile('run/tools/mv', FATAL_MV);
  one.host.exec('chmod +x /run/tools/mv');
  const sites = PATHS.map((trust, index) => vhost(one.host, { port: PORTS[index] ?? 0, trust }));
  one.host.writeFile('etc/nginx/conf.d/site.conf', sites.join(''));
  one.host.exec('nginx -s reload');
  await expectServed(OLD, OLD);
  client = await SteadyClient.of(one.oldCa, one.host, PORTS);
});

afterEach(async () => {
  await client?.stop();
  await one?.stop();
});

const target = () => one.target({ managedPaths: PATHS });
const lying = () => PATHS.map((path) => one.host.readFile(path.slice(1)));

async function expectServed(...expected: readonly (readonly string[])[]): Promise<void> {
  for (const [index, names] of expected.entries())
    await expect.poll(() => one.served(PORTS[index]), PATIENCE).toEqual(names);
}

async function expectNobodyRefused(): Promise<void> {
  const before = client.served;
  await expect.poll(() => client.served, PATIENCE).toBeGreaterThan(before + 5);
  expect(client.refusals).toEqual([]);
}

async function commitAndDie(deadlineMs: number): Promise<void> {
  await one.stage(one.token(), LONG_MS, one.to, target());
  one.host.exec('touch /run/die');
  expect(await codeOf(one.commit(one.token(), deadlineMs, target()))).toBe('host.unreachable');
  expect(lying()).toEqual([one.to.content, one.from.content]);
  await expectServed(OLD, OLD);
}

/** What certbot's hook or a person does, and what logrotate does. */
async function othersReloadAndRotateLogs(): Promise<void> {
  one.host.exec('nginx -s reload');
  await expectServed(BOTH, OLD);
  one.host.exec('mv /var/log/nginx/error.log /var/log/nginx/error.log.1 && kill -USR1 $(cat /run/nginx.pid)');
  await expect.poll(() => one.host.exec('ls /var/log/nginx'), PATIENCE).toContain('error.log\n');
}

async function expectAllBack(): Promise<void> {
  expect(lying()).toEqual([one.from.content, one.from.content]);
  await expectServed(OLD, OLD);
  expect(one.trustFolder()).toEqual(['client-ca.pem', 'second.pem']);
  await expectNobodyRefused();
  await one.untilNobodyWatches();
}

describe('F48: a crash between the renames of two files', () => {
  it('F48: is seen as torn, and a repeat of commit repairs it, whatever others did', async () => {
    await commitAndDie(LONG_MS);
    const { files } = await one.gateway.observe(target());
    expect(files.map(({ digest }) => digest)).toEqual([one.to.digest, one.from.digest]);
    await othersReloadAndRotateLogs();
    expect(await one.commit(one.token(), LONG_MS, target())).toMatchObject({ reloaded: true });
    expect(lying()).toEqual([one.to.content, one.to.content]);
    for (const port of PORTS) expect(await one.served(port)).toEqual(BOTH);
    await one.gateway.confirm(target(), one.token(), one.to.digest);
    await expectNobodyRefused();
  });

  it('F48: the dead-man alone puts both back, and reloads because others had', async () => {
    await commitAndDie(SOON_MS);
    await othersReloadAndRotateLogs();
    await one.untilStep('returned');
    await expectAllBack();
  });

  it('F48: the dead-man alone puts both back, and troubles no worker when nobody had reloaded', async () => {
    // The reload of the test before may not have come to its end yet.
    await expect.poll(async () => (await one.workers()).length, { timeout: 30_000 }).toBe(2);
    const before = await one.workers();
    await commitAndDie(SOON_MS);
    await one.untilStep('returned');
    await expectAllBack();
    expect(await one.workers()).toEqual(before);
  });

  it.each([
    ['the dead-man', () => one.untilStep('returned')],
    ['a repeat of revert', () => one.revert(one.token(), target())],
  ])('F48: on the way back, and somebody else reloads: %s ends it', async (_who, end) => {
    await one.stage(one.token(), LONG_MS, one.to, target());
    await one.commit(one.token(), SOON_MS, target());
    await expectServed(BOTH, BOTH);
    one.host.exec('touch /run/die');
    expect(await codeOf(one.revert(one.token(), target()))).toBe('host.unreachable');
    expect(lying()).toEqual([one.from.content, one.to.content]);
    one.host.exec('nginx -s reload');
    await end();
    await expectAllBack();
  });
});
