import { randomBytes } from 'node:crypto';
import { TransitKeyWrapper } from '#ca-source';
import { PostgresFleetStore, PostgresWrappedKeys } from '#persistence';
import { MasterKey, SealedBox, WrappedMasterKeys } from '#platform';
import { defaultOf, issuersOf } from './ca-rights.js';
import type { Incident } from './incident.js';
import type { RunbookFleet } from './runbook-fleet.js';

const HOUR_MS = 3_600_000;

/** What undoes what cannot be typed here. */
let undo = (): void => undefined;

/** When the rotation asks who still needs the old CA. */
export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'ca.unknown-issuer', when: 'somebody deletes the old issuer', moment: 'judge' },
    strike: async ({ served }) => {
      const staying = await defaultOf(served);
      const [old] = [...(await issuersOf(served)).keys()].filter((id) => id !== staying);
      await served.askVault('DELETE', `pki/issuer/${old}`);
    },
  },
  {
    ...{ code: 'secret.not-opened', when: 'a worker starts with another master key', moment: 'judge' },
    strike: (on) => {
      const key = new MasterKey(randomBytes(32).toString('base64'), 'another key');
      const others = new PostgresFleetStore(on.served.api.installation.dataSource, new SealedBox(key));
      readFleetsBy(on, (id) => others.fleet(id));
    },
    instead: () => ({ 'systemctl restart windlass-worker': () => undo() }),
  },
  {
    ...{ code: 'secret.keys-expired', when: 'transit is away for an hour', moment: 'judge' },
    strike: async (on) => {
      const { served } = on;
      await served.askVault('POST', 'sys/mounts/transit', { type: 'transit' });
      await served.askVault('POST', 'transit/keys/windlass', {});
      const { address, token } = served.vault;
      const place = { address, namespace: '', mount: 'transit', key: 'windlass', serverCaPem: null };
      let passed = 0;
      const keys = await WrappedMasterKeys.open({
        wrapper: new TransitKeyWrapper(place, { token: async () => token }),
        store: new PostgresWrappedKeys(served.api.installation.dataSource),
        now: () => performance.now() + passed,
      });
      const { fleets } = served.api.installation.parts;
      const read = fleets.fleet.bind(fleets);
      const [id = ''] = keys.ids();
      await served.vault.seal();
      passed = HOUR_MS;
      readFleetsBy(on, async (fleetId) => {
        keys.find(id);
        return read(fleetId);
      });
    },
    after: () => undo(),
  },
];

/** As a worker reads them that was started in another way. */
function readFleetsBy({ served }: RunbookFleet, read: PostgresFleetStore['fleet']): void {
  const { fleets } = served.api.installation.parts;
  const before = fleets.fleet;
  fleets.fleet = read;
  undo = () => {
    fleets.fleet = before;
  };
}
