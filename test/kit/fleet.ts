import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestHost } from './host.js';
import { makeCa } from './pki.js';
import type { HostLogin } from './ssh-server.js';

export interface FleetOptions {
  readonly hosts: number;
  /** The client-CA bundle that every host serves from its first moment. */
  readonly bundlePem: string;
  readonly login?: HostLogin;
}

/** Real nginx hosts on this machine, each with its own sshd, nginx, files and processes. */
export interface TestFleet {
  readonly hosts: readonly TestHost[];
  /** OpenSSH private key that every host accepts for root. */
  readonly privateKey: string;
  readonly folder: string;
  stop(): Promise<void>;
}

const AT_ONCE = 16;
/** id-kp-serverAuth, RFC 5280 4.2.1.12 */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** Boots N hosts at 127.20.x.y, ssh 2222, https 8443. Needs root. */
export async function bootFleet({ hosts, bundlePem, login = {} }: FleetOptions): Promise<TestFleet> {
  if (process.getuid?.() !== 0)
    throw new Error('booting a fleet needs root: each host gets namespaces of its own');
  const folder = mkdtempSync(path.join(tmpdir(), 'windlass-fleet-'));
  const privateKey = keyPair(path.join(folder, 'client'));
  const block = await freeBlock();
  const serverCa = await makeCa({ commonName: 'Test server CA' });
  const booted: TestHost[] = [];
  for (let index = 0; index < hosts; index += 1) {
    const server = await serverCa.issueClient({
      commonName: `host-${index + 1}.test`,
      extendedKeyUsages: [SERVER_AUTH],
    });
    booted.push(
      new TestHost({
        name: `host-${index + 1}`,
        address: `127.20.${block}.${index + 1}`,
        folder: path.join(folder, `host-${index + 1}`),
        privateKey,
        authorizedKeys: path.join(folder, 'client.pub'),
        serverPem: server,
        bundlePem,
        login,
      }),
    );
  }
  for (let index = 0; index < booted.length; index += AT_ONCE) {
    await Promise.all(booted.slice(index, index + AT_ONCE).map((host) => host.powerOn()));
  }
  return { hosts: booted, privateKey, folder, stop: () => stopFleet(booted, folder) };
}

async function stopFleet(hosts: readonly TestHost[], folder: string): Promise<void> {
  await Promise.all(hosts.map((host) => host.powerOff()));
  rmSync(folder, { recursive: true, force: true });
}

function keyPair(file: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'windlass-test', '-f', file]);
  return readFileSync(file, 'utf8');
}

/** Third octet of a block that no other fleet on this machine uses at present. */
async function freeBlock(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const block = 1 + Math.floor(Math.random() * 250);
    if (await canListen(`127.20.${block}.1`, 2222)) return block;
  }
  throw new Error('no free block of addresses in 127.20.0.0/16');
}

function canListen(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
