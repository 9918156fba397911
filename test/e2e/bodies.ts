import ssh2 from 'ssh2';
import { makeCa, type TestCa } from '#kit';

/** What the tests send: valid in everything, to be spoilt in one field. */

let count = 0;

/** Text that nothing else holds, by which it is found wherever it should not be. */
export function planted(what: string): string {
  count += 1;
  return `planted-${what}-${process.pid}-${count}-${Math.random().toString(36).slice(2, 10)}`;
}

const ca: Promise<TestCa> = makeCa({ commonName: 'Recorded client CA' });

export async function aBundle(): Promise<string> {
  return (await ca).certificatePem;
}

export async function aFleetBody(over: Record<string, unknown> = {}) {
  const { issuingCa, ...others } = over;
  count += 1;
  return {
    name: `fleet-${process.pid}-${count}`,
    caTtlSeconds: 365 * 86_400,
    issuingCa: {
      address: `http://vault-${count}.example:8200`,
      mount: 'pki',
      role: 'clients',
      token: planted('token'),
      ...(issuingCa as object | undefined),
    },
    bundlePem: await aBundle(),
    ...others,
  };
}

/** One of some 400 that ssh2 makes cannot be read by itself again; ssh-keygen's all can, and take longer. */
function sshKeyPair(): { public: string; private: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

export interface HostBody {
  readonly name: string;
  readonly address: string;
  readonly [field: string]: unknown;
}

/** By way of what a host may be reached. */
export function aJumpBody() {
  const { address, port, user, hostKey, privateKey } = aHostBody();
  return { address, port, user, hostKey, privateKey };
}

export function aHostBody(over: Record<string, unknown> = {}): HostBody {
  count += 1;
  const { public: hostKey } = sshKeyPair();
  const { private: privateKey } = sshKeyPair();
  const address = `127.77.${count >> 8}.${count & 255}`;
  return {
    ...{ name: `host-${count}`, address, port: 2222, user: 'root', hostKey, privateKey },
    managedPaths: ['/etc/nginx/trust/client-ca.pem'],
    probeTargets: [{ address, port: 8443, serverName: 'edge.test', path: '/' }],
    ...over,
  };
}

export async function aSampleBody(over: Record<string, unknown> = {}) {
  count += 1;
  const leaf = await (await ca).issueClient({ commonName: `sample ${count}` });
  return {
    name: `sample ${count}`,
    certificatePem: leaf.certificatePem,
    privateKey: leaf.privateKeyPem,
    expect: 'accepted',
    ...over,
  };
}

export function aScheduleBody(over: Record<string, unknown> = {}) {
  return { rotateWhenDaysLeft: 30, cron: '0 4 * * *', timeZone: 'Europe/Berlin', ...over };
}
