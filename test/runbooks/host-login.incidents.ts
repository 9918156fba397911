import type { TestHost } from '#kit';
import { GIVEN_UP_AND_BACK, type Incident } from './incident.js';

const AUTHORIZED = 'home/.ssh/authorized_keys';

/** Its `authorized_keys` lie where the user has them. */
export function ownAuthorizedKeys(host: TestHost): void {
  const shared = host.readFile('sshd_config').match(/^AuthorizedKeysFile (.*)$/m)?.[1] ?? '';
  host.exec(`mount --bind ~root/.ssh/authorized_keys '${shared}'`);
}

let publicKey = '';

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'host.denied', when: 'its key is taken out of authorized_keys', moment: 'confirm' },
    strike: (on) => {
      publicKey = on.host.readFile(AUTHORIZED).trim();
      on.host.writeFile(AUTHORIZED, '');
      on.cutConnections();
    },
    words: () => ({ PUBLIC_KEY: publicKey }),
  },
  {
    ...{ code: 'host.key-changed', when: 'the host is installed anew', moment: 'confirm' },
    strike: ({ host }) => host.changeHostKey(),
    ...GIVEN_UP_AND_BACK,
  },
];
