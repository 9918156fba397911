import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vhost } from './nginx-site.js';
import { LONG_MS, OneHost } from './one-host.js';

const TWO_PORTS = [8443, 8444] as const;
let one: OneHost;

beforeEach(async () => {
  one = await OneHost.boot();
});

afterEach(() => one?.stop());

const trustFile = (path: string) => one.host.readFile(path.slice(1));

/** Two vhosts, each with a file of its own. */
function serve(paths: readonly [string, string]): void {
  const sites = paths.map((path, index) =>
    vhost(one.host, { port: TWO_PORTS[index] ?? 0, trust: `"${path}"` }),
  );
  one.host.writeFile('etc/nginx/conf.d/site.conf', sites.join(''));
  one.host.exec('nginx -s reload');
}

async function expectServed(names: readonly string[]): Promise<void> {
  for (const port of TWO_PORTS) await expect.poll(() => one.served(port), { timeout: 10_000 }).toEqual(names);
}

async function switchAndRevert(managedPaths: readonly string[]): Promise<void> {
  const target = one.target({ managedPaths });
  await expectServed(['CN=Old']);
  await one.stage(one.token(), LONG_MS, one.to, target);
  await expectServed(['CN=Old']);
  await one.commit(one.token(), LONG_MS, target);
  await expectServed(['CN=Old', 'CN=New']);
  for (const path of managedPaths) expect(trustFile(path)).toBe(one.to.content);
  await one.revert(one.token(), target);
  await expectServed(['CN=Old']);
  for (const path of managedPaths) expect(trustFile(path)).toBe(one.from.content);
}

describe('managed paths', () => {
  it('may be two, of two vhosts', async () => {
    one.host.exec('cp /etc/nginx/trust/client-ca.pem /etc/nginx/trust/second.pem');
    const paths = ['/etc/nginx/trust/client-ca.pem', '/etc/nginx/trust/second.pem'] as const;
    serve(paths);
    await switchAndRevert(paths);
    expect(one.trustFolder()).toEqual(['client-ca.pem', 'second.pem']);
  });

  it('may lead through a folder that is a link, and be links, absolute and relative', async () => {
    one.host.exec(`cd /etc/nginx && mkdir real && mv trust/client-ca.pem real/one.pem && cp real/one.pem real/two.pem &&
      ln -s /etc/nginx/real linked && ln -s ../real/two.pem trust/two.pem`);
    const paths = ['/etc/nginx/linked/one.pem', '/etc/nginx/trust/two.pem'] as const;
    serve(paths);
    const outside = (path: string) => path.replace('linked', 'real').replace('trust', 'real');
    const target = one.target({ managedPaths: paths });
    await one.stage(one.token(), LONG_MS, one.to, target);
    await one.commit(one.token(), LONG_MS, target);
    await expectServed(['CN=Old', 'CN=New']);
    for (const path of paths) expect(trustFile(outside(path))).toBe(one.to.content);
    await one.revert(one.token(), target);
    await expectServed(['CN=Old']);
    for (const path of paths) expect(trustFile(outside(path))).toBe(one.from.content);
    expect(one.host.exec('readlink /etc/nginx/linked /etc/nginx/trust/two.pem')).toBe(
      '/etc/nginx/real\n../real/two.pem\n',
    );
  });

  it('may be one file by two names', async () => {
    one.host.exec('ln -s client-ca.pem /etc/nginx/trust/alias.pem');
    const paths = ['/etc/nginx/trust/alias.pem', '/etc/nginx/trust/client-ca.pem'] as const;
    serve(paths);
    await switchAndRevert(paths);
    expect(one.trustFolder()).toEqual(['alias.pem', 'client-ca.pem']);
  });

  it('may have spaces and a star, and take no other file with them', async () => {
    const folder = '/etc/nginx/trust/of a *';
    one.host.exec(`cd /etc/nginx/trust && mkdir 'of a *' 'of a b' && cp client-ca.pem 'of a */ca *.pem' &&
      cp client-ca.pem 'of a */ca  2.pem' && cp client-ca.pem 'of a b/ca x.pem' && touch 'of a */.windlass-staged-ca x.pem'`);
    const paths = [`${folder}/ca *.pem`, `${folder}/ca  2.pem`] as const;
    serve(paths);
    await switchAndRevert(paths);
    expect(trustFile('/etc/nginx/trust/of a b/ca x.pem')).toBe(one.from.content);
    expect(one.host.exec(`ls -A '${folder}'`).trim().split('\n')).toEqual([
      '.windlass-staged-ca x.pem',
      'ca  2.pem',
      'ca *.pem',
    ]);
  });
});
