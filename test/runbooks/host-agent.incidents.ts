import { execFileSync } from 'node:child_process';
import type { Incident } from './incident.js';
import type { RunbookFleet } from './runbook-fleet.js';

/** Of the worker. */
const socketOf = ({ options }: RunbookFleet) => options.api?.sshAgent ?? '';

function endAgent(on: RunbookFleet): void {
  const found = execFileSync('pgrep', ['-f', `^ssh-agent .*-a ${socketOf(on)}`], { encoding: 'utf8' });
  for (const pid of found.trim().split('\n')) process.kill(Number(pid));
}

export const INCIDENTS: readonly Incident[] = [
  {
    ...{ code: 'host.no-agent', when: 'the SSH agent of the worker ends', moment: 'confirm' },
    strike: (on) => {
      endAgent(on);
      on.cutConnections();
    },
    env: ({ on }) => ({ SSH_AUTH_SOCK: socketOf(on) }),
    after: ({ on }) => endAgent(on),
  },
];
