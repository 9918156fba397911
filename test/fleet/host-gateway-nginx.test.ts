import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostTarget } from '#engine';
import { vhost } from './nginx-site.js';
import { codeOf, LONG_MS, OneHost } from './one-host.js';

const OWN_PORT = 8444;
/** Its own prefix, and every name in it relative to that or to the folder of nginx.conf. */
const IN_PREFIX: Partial<HostTarget> = {
  nginxArguments: ['-p', '/var/lib/nginx/own prefix', '-c', 'conf/nginx.conf'],
  managedPaths: ['/var/lib/nginx/own prefix/conf/trust.pem'],
};
let one: OneHost;

beforeEach(async () => {
  one = await OneHost.boot();
});

afterEach(() => one?.stop());

/** A second nginx on the host, in a prefix; the first one keeps running and must not be touched. */
function startInPrefix(binary = 'nginx'): void {
  const inside = 'var/lib/nginx/own prefix';
  for (const part of ['conf', 'logs', 'run'])
    mkdirSync(one.host.outside(`${inside}/${part}`), { recursive: true });
  one.host.exec(
    `cd '/${inside}/conf' && cp /etc/nginx/tls/server.* . && cp /etc/nginx/trust/client-ca.pem trust.pem`,
  );
  const site = vhost(one.host, { port: OWN_PORT, trust: 'trust.pem', tls: '.' });
  one.host.writeFile(
    `${inside}/conf/nginx.conf`,
    `worker_processes 2;\npid run/own.pid;\nerror_log logs/own.log info;\nevents {}\nhttp {\naccess_log off;\n${site}}\n`,
  );
  one.host.exec(`${binary} -p '/${inside}' -c conf/nginx.conf`);
}

const trust = () => one.host.readFile('var/lib/nginx/own prefix/conf/trust.pem');

async function switchAndRevert(change: Partial<HostTarget>, port: number): Promise<void> {
  const target = one.target(change);
  await one.stage(one.token(), LONG_MS, one.to, target);
  expect(await one.served(port)).toEqual(['CN=Old']);
  expect(await one.commit(one.token(), LONG_MS, target)).toMatchObject({ reloaded: true });
  expect(await one.served(port)).toEqual(['CN=Old', 'CN=New']);
  expect(await one.revert(one.token(), target)).toMatchObject({ reloaded: true });
  expect(await one.served(port)).toEqual(['CN=Old']);
}

describe('nginx in a prefix of its own', () => {
  it('is the one that is observed, switched and reverted, and the other is left alone', async () => {
    startInPrefix();
    const others = await one.workers();
    const { nginx, files } = await one.gateway.observe(one.target(IN_PREFIX));
    expect(nginx?.configDump).toContain('pid run/own.pid;');
    expect(nginx?.workers).toHaveLength(2);
    expect(files[0]?.digest).toBe(one.from.digest);
    await switchAndRevert(IN_PREFIX, OWN_PORT);
    expect(trust()).toBe(one.from.content);
    expect(one.live()).toBe(one.from.content);
    expect(await one.workers()).toEqual(others);
  });

  it('goes back by itself', async () => {
    startInPrefix();
    const target = one.target(IN_PREFIX);
    await one.stage(one.token(), LONG_MS, one.to, target);
    await one.commit(one.token(), 300, target);
    await one.untilStep('returned');
    expect(trust()).toBe(one.from.content);
    expect(await one.served(OWN_PORT)).toEqual(['CN=Old']);
  });

  it('F14: has an error log of its own that names why a reload did not take', async () => {
    startInPrefix();
    const conf = 'var/lib/nginx/own prefix/conf/nginx.conf';
    const before = one.host.readFile(conf);
    // The port of the other nginx.
    one.host.writeFile(conf, before.replace('server {', `server {\n  listen ${one.host.address}:8443 ssl;`));
    const target = one.target(IN_PREFIX);
    await one.stage(one.token(), LONG_MS, one.to, target);
    await expect(one.commit(one.token(), LONG_MS, target)).rejects.toMatchObject({
      problem: { code: 'host.reload-not-live', message: expect.stringContaining('bind()') },
    });
    expect(await one.served(OWN_PORT)).toEqual(['CN=Old']);
    await one.revert(one.token(), target);
    expect(trust()).toBe(one.from.content);
  });

  it('may be a binary of another name, in no PATH', async () => {
    one.host.exec('mkdir "/run/a b" && cp "$(readlink -f "$(command -v nginx)")" "/run/a b/edge"');
    startInPrefix('"/run/a b/edge"');
    await switchAndRevert({ ...IN_PREFIX, nginxBinary: '/run/a b/edge' }, OWN_PORT);
    expect(trust()).toBe(one.from.content);
  });
});

describe('a reload command', () => {
  it('is what reloads, word by word, without a shell', async () => {
    one.host.writeFile(
      'run/reload it',
      '#!/bin/sh\nprintf "%s\\n" "$@" >> /run/words\nexec nginx -s reload\n',
    );
    one.host.exec('chmod +x "/run/reload it"');
    await switchAndRevert({ reloadCommand: ['/run/reload it', '$(touch /run/owned); a  b', '*'] }, 8443);
    expect(one.host.readFile('run/words')).toBe('$(touch /run/owned); a  b\n*\n'.repeat(2));
    expect(one.host.exec('ls /run')).not.toContain('owned');
  });

  it('that fails, or that does nothing, is not taken for a reload', async () => {
    const before = await one.workers();
    for (const command of ['false', 'true']) {
      const target = one.target({ reloadCommand: [command] });
      await one.stage(one.token(), LONG_MS, one.to, target);
      expect(await codeOf(one.commit(one.token(), LONG_MS, target))).toBe('host.reload-not-live');
      expect(await one.served()).toEqual(['CN=Old']);
      expect(await one.revert()).toMatchObject({ reloaded: false });
      await one.expectBack();
    }
    expect(await one.workers()).toEqual(before);
  });
});
