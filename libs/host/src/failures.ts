import type { HostTarget, SshServer } from '#engine';
import { PortError } from '#engine';

interface Advice {
  readonly say: string;
  readonly nextStep: string;
  readonly transient?: boolean;
}

const ADVICE: Readonly<Record<string, Advice>> = {
  'host.no-nginx': {
    say: 'the nginx binary is not there',
    nextStep: 'Install nginx on the host, or correct its nginxBinary.',
  },
  'host.log-missing': {
    say: 'the client log cannot be read',
    nextStep: 'Correct clientLog of the fleet, or let the SSH user read the file.',
  },
  'host.no-openssl': {
    say: 'it has no openssl command',
    nextStep: 'Install openssl on the host: its own is what agrees with its nginx.',
  },
  'host.no-permission': {
    say: 'the SSH user may not write what must be written',
    nextStep: 'Enrol the host with a user that may (root), or mount the file system read-write.',
  },
  'host.disk-full': {
    say: 'the disk is full',
    nextStep: 'Free some space on the host; its live files are untouched.',
  },
  'host.not-installed': {
    say: 'the SSH user may not start the installed host program with sudo',
    nextStep: 'Run what "windlass host installer" prints as root on the host.',
  },
  'host.other-script': {
    say: 'the installed host program is not the one of this release',
    nextStep: 'Run what "windlass host installer" of this release prints as root on the host.',
  },
  'host.path-not-allowed': {
    say: 'an administrator of the host did not allow this path',
    nextStep: 'Correct managedPaths of the host, or let "windlass host installer" print a new list.',
  },
  'host.path-missing': {
    say: 'a managed path does not exist',
    nextStep: 'Correct managedPaths of the host.',
  },
  'host.stale-token': {
    say: 'somebody with a newer token works on it',
    nextStep: 'Another worker or another Windlass installation drives this host; let it finish.',
  },
  'host.foreign-rotation': {
    say: 'another rotation of this very installation has the same epoch here',
    nextStep:
      'Two copies of one database drive this host: stop one of them (a clone, or what ran before a restore), then retry.',
  },
  'host.vote-expired': {
    say: 'its vote is too old to switch on, so what was staged is dropped',
    nextStep: 'Windlass stages it again by itself.',
    transient: true,
  },
  'host.not-armed': {
    say: 'the host went back to the old bundle by itself because nobody confirmed in time',
    nextStep: 'Windlass switches it again or goes back, as was decided.',
  },
  'host.drift': {
    say: 'a managed file is not what it must be, so it is left alone',
    nextStep: 'Somebody edited it: put the recorded bundle back, then retry.',
  },
  'host.config-test-failed': {
    say: 'nginx -t fails with the new bundle, so nothing was switched',
    nextStep: 'Mend the configuration that nginx names, then start again.',
  },
  'host.reload-not-live': {
    say: 'the reload did not take effect: the workers still serve the old configuration',
    nextStep: 'Mend what the nginx error log names; Windlass puts the old bundle back by itself.',
  },
  'host.digest-mismatch': {
    say: 'a copy arrived or lies damaged and is not used',
    nextStep: 'Check disk and network of the host, then retry.',
    transient: true,
  },
  'host.busy': {
    say: 'another step holds the lock of this host',
    nextStep: 'Windlass tries again by itself.',
    transient: true,
  },
  'host.script-failed': {
    say: 'the host script failed',
    nextStep: 'Read the detail; the live files are untouched.',
  },
};

/** A server on the way, by the name that errors give it. */
export type Hop = SshServer & Pick<HostTarget, 'name' | 'jump'>;
type Named = Pick<Hop, 'name' | 'address' | 'port' | 'jump'>;

export function hostLabel({ name, address, port, jump }: Named): string {
  return `${name} (${address}:${port}${jump ? ` by way of ${jump.address}:${jump.port}` : ''})`;
}

/** What the host script reported, as the problem that people read. */
export function stepFailure(host: Named, step: string, code: string, detail: string): PortError {
  const known = ADVICE[code] ? code : 'host.script-failed';
  const { say, nextStep, transient } = ADVICE[known] ?? {
    say: code,
    nextStep: 'Read the detail.',
    transient: false,
  };
  const first = detail.split('\n').find((line) => line.trim() !== '');
  return new PortError(
    {
      code: known,
      message: `${hostLabel(host)}: ${say} (in ${step}${first ? `: ${first.trim().slice(0, 300)}` : ''}).`,
      nextStep,
      ...(detail ? { detail: detail.slice(0, 4000) } : {}),
    },
    { transient: transient ?? false },
  );
}

export function unreachable(host: Named, why: string): PortError {
  return new PortError(
    {
      code: 'host.unreachable',
      message: `${hostLabel(host)} cannot be reached: ${why}.`,
      nextStep: 'Check that the host is up and that sshd listens there; Windlass tries again by itself.',
    },
    { transient: true },
  );
}

export function denied(host: Hop): PortError {
  if (host.privateKey === null) return deniedToAgent(host);
  return new PortError({
    code: 'host.denied',
    message: `${hostLabel(host)} refuses user ${host.user} with the enrolled key.`,
    nextStep:
      'Put the public key into authorized_keys of that user, or enrol the host with another user or key.',
  });
}

function deniedToAgent(host: Hop): PortError {
  return new PortError({
    code: 'host.denied',
    message: `${hostLabel(host)} refuses user ${host.user} with every key of the worker's SSH agent.`,
    nextStep:
      'See with "ssh-add -l" which keys the agent of the worker holds: add the right one, or put one of them into authorized_keys of that user. Servers listen to some six keys only; an agent with more needs fewer.',
  });
}

/** `why` null: none is named. One that does not answer may do so later. */
export function noAgent(host: Named, why: string | null): PortError {
  const fault =
    why === null ? 'the worker has none (SSH_AUTH_SOCK is not set)' : `it cannot be used (${why})`;
  return new PortError(
    {
      code: 'host.no-agent',
      message: `${hostLabel(host)} is to be logged in to by the SSH agent of the worker, and ${fault}.`,
      nextStep:
        'Start ssh-agent for the user of the worker, add the key with ssh-add, and start API and workers with its SSH_AUTH_SOCK; or enrol the host with a private key.',
    },
    { transient: why !== null },
  );
}

export function keyChanged(host: Named, expected: string, presented: string): PortError {
  return new PortError({
    code: 'host.key-changed',
    message: `${hostLabel(host)} shows another host key (${presented}) than the pinned one (${expected}); nobody logged in.`,
    nextStep:
      'If the host was reinstalled, enrol its new key after checking it by another way; else somebody is in between.',
  });
}

/** What keeps us from the jump host, as a fault of the host behind it: same code, same next step. */
export function behindJump(host: Named, { problem, transient }: PortError): PortError {
  const message = `${host.name} (${host.address}:${host.port}) lies behind a jump host: ${problem.message}`;
  return new PortError({ ...problem, message }, { transient });
}
