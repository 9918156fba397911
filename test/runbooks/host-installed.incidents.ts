import type { Incident } from './incident.js';

const LOST = { moment: 'distrust', words: () => ({ USER: 'windlass' }) } as const;

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ ...LOST, code: 'host.not-installed', when: 'sudo no longer starts it' },
    strike: ({ host }) => host.exec('rm /etc/sudoers.d/windlass*'),
  },
  {
    ...{ ...LOST, code: 'host.other-script', when: 'it is of another release' },
    strike: (on) => {
      on.host.exec('echo "# older" >> /usr/local/libexec/windlass-host');
      on.cutConnections();
    },
  },
  {
    ...{ ...LOST, code: 'host.path-not-allowed', when: 'the path is taken off its list' },
    strike: ({ host }) => host.exec('sed -i /^path/d /etc/windlass/host.conf'),
  },
];
