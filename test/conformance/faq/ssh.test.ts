import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bootFleet, makeCa, type TestFleet, type TestHost } from '#kit';
import { type Situation, tryEntries } from './page.js';

const WELL = 'in as root';

let fleet: TestFleet;
let host: TestHost;
let knownHosts: string;

beforeAll(async () => {
  const { certificatePem } = await makeCa({ commonName: 'ca' });
  fleet = await bootFleet({ hosts: 1, bundlePem: certificatePem });
  const [first] = fleet.hosts;
  if (first === undefined) throw new Error('no host was booted');
  host = first;
  knownHosts = path.join(fleet.folder, 'known_hosts');
  trustKey();
});

afterAll(() => fleet?.stop());

/** As somebody who compared the key by another way writes it down. */
function trustKey(): void {
  writeFileSync(knownHosts, `[${host.address}]:${host.sshPort} ${host.hostKey}\n`);
}

/** What ssh(1) prints. */
function logIn(key = fleet.privateKey): Promise<string> {
  const keyFile = path.join(fleet.folder, 'login');
  writeFileSync(keyFile, key, { mode: 0o600 });
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHosts}`];
  const words = [...options, 'IdentitiesOnly=yes'].flatMap((option) => ['-o', option]);
  const to = ['-i', keyFile, '-p', `${host.sshPort}`, `${host.user}@${host.address}`, `echo ${WELL}`];
  return new Promise((resolve) => {
    execFile('ssh', ['-F', 'none', ...words, ...to], (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

const changedKey: Situation = {
  said: async () => {
    await host.changeHostKey();
    return logIn();
  },
  mended: () => {
    trustKey();
    return logIn();
  },
  well: WELL,
};

const otherKey: Situation = {
  said: () => {
    const file = path.join(fleet.folder, 'stranger');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    return logIn(execFileSync('cat', [file], { encoding: 'utf8' }));
  },
  mended: () => logIn(),
  well: WELL,
};

tryEntries('test/conformance/faq/ssh.test.ts', {
  'REMOTE HOST IDENTIFICATION HAS CHANGED!': [changedKey],
  'Permission denied (publickey': [otherKey],
});
