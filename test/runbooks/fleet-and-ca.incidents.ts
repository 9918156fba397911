import { expect } from 'vitest';
import type { Incident } from './incident.js';

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'host.drift', when: 'somebody edits the bundle behind the switch', moment: 'confirm' },
    strike: ({ host }) => {
      const file = `.${host.managedPath}`;
      host.writeFile(file, `# edited\n${host.readFile(file)}`);
    },
    words: ({ blocked }) => ({ DIGEST: blocked.generations.overlap.digest }),
  },
  {
    ...{ code: 'host.unreachable', when: 'the host is off for a while', moment: 'confirm' },
    strike: ({ host }) => host.powerOff(),
    mend: ({ on }) => on.host.powerOn(),
    follow: (operator, [retry]) => operator.follow(retry),
    after: ({ on }) => expect(new Set(on.served.bundles()).size).toBe(1),
  },
  {
    ...{ code: 'ca.sealed', when: 'Vault is sealed at the activation', moment: 'confirm' },
    strike: ({ served }) => served.vault.seal(),
    follow: async (operator, [unseal, resume], { on, id }) => {
      await operator.follow(unseal);
      await on.served.until(id, ({ status }) => status === 'paused');
      await operator.follow(resume);
    },
  },
  {
    ...{ code: 'host.unreachable', when: 'the host is gone for good', moment: 'confirm' },
    strike: ({ host }) => host.powerOff(),
    follow: (operator, [, decommission]) => operator.follow(decommission),
    after: ({ on }, ended) => expect(ended).toMatchObject({ decommissioned: [{ host: on.host.name }] }),
  },
];
