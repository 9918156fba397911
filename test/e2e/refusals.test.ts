import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aHostBody, aSampleBody } from './bodies.js';
import { requestRotation } from './recording.js';
import { ServedFleet } from './served-fleet.js';

let served: ServedFleet;

beforeAll(async () => {
  served = await ServedFleet.open(2);
});

afterAll(() => served?.stop());

interface Fault {
  readonly what: string;
  readonly fleet?: Record<string, unknown>;
  readonly host?: Record<string, unknown>;
  /** Brings the fault about; returns the way to undo it. */
  readonly arrange?: () => Promise<() => unknown>;
  /** What the explanation must say: the thing, and the next step. */
  readonly says: readonly RegExp[];
}

const lastHost = () => served.hosts.at(-1);

/** What changes on a host that is touched: its files with their times and content, and its nginx processes. */
const TRACES = `
  pgrep nginx
  find /etc/nginx /var/lib/windlass -type f -printf '%p %s %T@ %i\\n' -exec sha256sum {} + | sort`;
const traces = () => served.hosts.map((host) => host.exec(TRACES));

const FAULTS: readonly Fault[] = [
  {
    what: 'a host where nothing listens',
    host: { port: 2223 },
    says: [/host-2 \(.*\) cannot be reached: .*ECONNREFUSED/, /sshd|firewall|network|address/i],
  },
  {
    what: 'a host with another key than the pinned one (F20)',
    host: { hostKey: aHostBody().hostKey },
    says: [/host-2 .* shows another host key/, /nobody logged in/],
  },
  { what: 'a wrong user', host: { user: 'nobody' }, says: [/host-2 .* refuses user nobody/] },
  {
    what: 'an SSH key that the host does not know',
    host: { privateKey: aHostBody().privateKey },
    says: [/host-2 .* refuses user root with the enrolled key/],
  },
  { what: 'a host without nginx', host: { nginxBinary: 'no-nginx' }, says: [/host-2: no nginx binary/] },
  {
    what: 'a managed path that is not there',
    host: { managedPaths: ['/etc/nginx/none.pem'] },
    says: [/host-2: the managed path \/etc\/nginx\/none.pem/, /managedPaths/],
  },
  {
    what: 'a folder that may not be written',
    arrange: async () => {
      const folder = '/etc/nginx/trust';
      lastHost()?.exec(`mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`);
      return () => lastHost()?.exec(`umount ${folder}`);
    },
    says: [/host-2: user root may not write \/etc\/nginx\/trust/],
  },
  {
    what: 'an ordinary user, who may log in and no more',
    host: { user: 'deploy' },
    arrange: async () => {
      const [folder, passwd] = [served.fleet.folder, lastHost()?.readFile('passwd') ?? ''];
      lastHost()?.writeFile('passwd', `${passwd}deploy:x:1001:1001::/:/bin/sh\n`);
      // sshd reads the authorized keys as the user.
      chmodSync(folder, 0o711);
      return () => {
        chmodSync(folder, 0o700);
        lastHost()?.writeFile('passwd', passwd);
      };
    },
    says: [/host-2: user deploy may not write \/etc\/nginx\/trust/, /right|another user/],
  },
  {
    what: 'an nginx that does not run',
    arrange: async () => {
      lastHost()?.exec('nginx -s stop');
      return () => lastHost()?.exec('nginx');
    },
    says: [/host-2: nginx does not run/],
  },
  {
    what: 'a Vault where nothing listens',
    fleet: { issuingCa: { address: 'http://127.0.0.1:9' } },
    says: [/Vault at http:\/\/127\.0\.0\.1:9 .*cannot be reached/, /Check that Vault runs/],
  },
  {
    what: 'a mount that Vault does not have',
    fleet: { issuingCa: { mount: 'no-pki' } },
    says: [/no-pki/, /mount/],
  },
  {
    what: 'a token that Vault does not know',
    fleet: { issuingCa: { token: 'planted-wrong-token' } },
    says: [/den(y|ied)|refuse|permission/i, /token/],
  },
  { what: 'a role that is not there', fleet: { issuingCa: { role: 'no-role' } }, says: [/no-role/] },
  {
    what: 'a sealed Vault (F21)',
    arrange: async () => {
      await served.vault.seal();
      return () => served.vault.unseal();
    },
    says: [/sealed/, /unseal/i],
  },
];

describe('is refused before any host is touched:', () => {
  it.each(FAULTS)('$what', async ({ fleet, host, arrange, says }) => {
    const fleetId = await served.record(fleet, host);
    const undo = await arrange?.();
    const before = traces();
    try {
      const rotation = await served.ended(await requestRotation(served.api, fleetId));
      expect(rotation.status).toBe('refused');
      for (const pattern of [...says, /Next: [A-Z]/]) expect(rotation.explanation).toMatch(pattern);
      expect(rotation.decisions).toMatchObject([{ kind: 'refuse' }]);
      expect(traces()).toEqual(before);
    } finally {
      await undo?.();
      await served.disband(fleetId);
    }
  });

  it('a sample client whose recorded verdict is not the one that nginx gives', async () => {
    const fleetId = await served.record();
    const stranger = await aSampleBody({ name: 'someone unknown' });
    await served.api.call('POST', `/v1/fleets/${fleetId}/samples`, { body: stranger });
    const rotation = await served.ended(await requestRotation(served.api, fleetId));
    expect(rotation.status).toBe('refused');
    expect(rotation.explanation).toContain('someone unknown');
    await served.disband(fleetId);
  });
});
