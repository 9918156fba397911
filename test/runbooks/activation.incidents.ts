import type { ServedFleet } from '../e2e/served-fleet.js';
import { defaultOf, issuersOf } from './ca-rights.js';
import { EditedSite } from './edited-site.js';
import type { Incident } from './incident.js';

/** Of the mount, before somebody changed it. */
let oldIssuer = '';
/** What undoes what somebody did to the host. */
let undo = (): unknown => undefined;

/** Behind a switch of the whole fleet, and in the middle of one that is a contract. */
export const INCIDENTS: readonly Incident[] = [
  {
    ...{
      code: 'ca.changed-by-others',
      when: 'somebody makes a third issuer the default',
      moment: 'switched',
    },
    strike: async ({ served }) => {
      oldIssuer = await issuerBefore(served);
      const third = { issuer_name: 'third', common_name: 'a third CA' };
      await served.askVault('POST', 'pki/root/generate/internal', third);
      await served.askVault('POST', 'pki/config/issuers', { default: 'third' });
    },
    words: () => ({ OLD_ISSUER: oldIssuer }),
    follow: async (operator, [putBack, resume], { on, id }) => {
      await operator.follow(putBack);
      await on.served.until(id, ({ status }) => status === 'paused');
      await operator.follow(resume);
    },
  },
  {
    ...{ code: 'rotation.paused-by-person', when: 'somebody pauses it', moment: 'confirm', pauses: true },
    strike: async ({ served: { api } }, id) => {
      const sent = { headers: { 'If-Match': '*' }, body: { reason: 'until the morning' } };
      await api.call('POST', `/v1/rotations/${id}:pause`, sent);
    },
  },
  {
    ...{ code: 'rotation.contract-refused', when: 'somebody breaks the site', moment: 'vote', pauses: true },
    strike: ({ host }) => {
      const site = new EditedSite(host);
      site.write('server_name', 'server_nam');
      undo = () => site.mend();
    },
    mend: () => undo(),
  },
  {
    ...{ code: 'rotation.contract-failed', when: 'a port is taken', moment: 'contract', pauses: true },
    strike: async ({ host }) => {
      undo = await host.occupyPort();
    },
    mend: () => undo(),
  },
  {
    ...{ code: 'ca.sealed', when: 'Vault is sealed while a CA is distrusted', moment: 'distrust' },
    strike: ({ served }) => served.vault.seal(),
    follow: (operator, [unseal]) => operator.follow(unseal),
  },
];

/** The one that the default was taken from a moment ago: there are two by then. */
async function issuerBefore(served: ServedFleet): Promise<string> {
  const now = await defaultOf(served);
  return [...(await issuersOf(served)).keys()].find((id) => id !== now) ?? '';
}
