import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootFleet, type TestFleet, type TestHost } from '#kit';
import { aBundle, aHostBody } from './bodies.js';
import { PlayedWorker } from './played-worker.js';
import { recordFleet } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';
import { inTerminal } from './tmux-pane.js';

let api: RunningApi;
let fleet: TestFleet;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-cli-'));
  api = await runApi();
  fleet = await bootFleet({ hosts: 1, bundlePem: await aBundle() });
});
afterAll(async () => {
  await fleet?.stop();
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const nameOf = async (fleetId: string): Promise<string> =>
  (await api.call('GET', `/v1/fleets/${fleetId}`)).body.name;

function theHost(): TestHost {
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error('no host was booted');
  return host;
}

function addWords(name: string, hostName: string): string[] {
  const host = theHost();
  const keyFile = path.join(folder, 'login.key');
  writeFileSync(keyFile, host.privateKey, { mode: 0o600 });
  return [
    ...['host', 'add', name, hostName, '--address', host.address, '--port', String(host.sshPort)],
    ...['--user', host.user, '--key-file', keyFile, '--managed-path', host.managedPath],
    ...['--listener', `:${host.httpsPort}/edge.test`],
  ];
}

describe('windlass, in a real terminal', () => {
  it('draws a rotation as a tree in colours, moves it, and leaves it there at the end', async () => {
    const fleetId = await recordFleet(api, 2);
    const words = ['rotate', await nameOf(fleetId), '--strategy', 'sync', '--yes', '--watch'];
    await inTerminal(api, words, async (pane) => {
      await pane.shows(/◌ sync of \S+ {2}pending, preflight for \d+ s[\s\S]*wave 0 \(canary\)[\s\S]*wave 1/);
      const { body } = await api.call('GET', `/v1/rotations?fleetId=${fleetId}`);
      await new PlayedWorker(api.installation, body.items[0].id).play(() => false);
      await pane.shows(/✔ sync of \S+ {2}succeeded, done/);
      expect(await pane.ended()).toBe(0);
      // Drawn in place: what was there before is gone.
      expect(pane.text()).not.toContain('pending');
      expect(pane.text().match(/wave 0/g)).toHaveLength(1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what makes it green.
      expect(pane.text({ colours: true })).toMatch(/\u001b\[32m✔/);
    });
  });

  it('shows the key of a host, and enrols it once somebody said yes', async () => {
    const fleetId = await recordFleet(api, 0);
    const host = theHost();
    const own = execFileSync('ssh-keygen', ['-lf', '-'], { input: host.hostKey, encoding: 'utf8' });
    const [, shown = ''] = own.split(' ');
    await inTerminal(api, addWords(await nameOf(fleetId), 'edge-1'), async (pane) => {
      await pane.shows(/edge-1 \(127\.20\.\d+\.1:2222\) shows this host key:/);
      await pane.shows(/Is it the same\? It will be pinned\. \[y\/N\]/);
      expect(pane.text()).toContain(`ssh-ed25519  ${shown}`);
      pane.type('y');
      expect(await pane.ended()).toBe(0);
      await pane.shows(/state +enrolled/);
    });
    const { body } = await api.call('GET', `/v1/fleets/${fleetId}/hosts`);
    expect(body.items).toMatchObject([{ name: 'edge-1', hostKey: host.hostKey, port: 2222 }]);
  });

  it('enrols nothing when the answer is another one', async () => {
    const fleetId = await recordFleet(api, 0);
    await inTerminal(api, addWords(await nameOf(fleetId), 'edge-2'), async (pane) => {
      await pane.shows(/\[y\/N\]/);
      pane.type('');
      expect(await pane.ended()).toBe(1);
      await pane.shows(/Nothing was enrolled\./);
    });
    expect((await api.call('GET', `/v1/fleets/${fleetId}/hosts`)).body.items).toEqual([]);
  });

  it('turns and counts while it waits, and takes that away again', async () => {
    // Somebody who takes the connection and never says a word.
    const silent = net.createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const fleetId = await recordFleet(api, 0);
    const address = '127.0.0.1';
    const body = aHostBody({ address, port, probeTargets: [{ address, port }] });
    expect((await api.call('POST', `/v1/fleets/${fleetId}/hosts`, { body })).status).toBe(201);
    try {
      await inTerminal(api, ['drift', await nameOf(fleetId)], async (pane) => {
        await pane.shows(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] asking the hosts of \S+, [1-9]\d* s/);
        expect(await pane.ended()).toBe(1);
        await pane.shows(/^recorded: generation 1/);
        expect(pane.text()).not.toContain('asking');
      });
    } finally {
      silent.close();
    }
  });
});
