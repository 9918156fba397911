import type { HostRecord } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';

/** Somebody got in who must not: the switch is undone. */
export function letIn(host: HostRecord, where: string, who: string, cause: string): PortError {
  return new PortError({
    code: 'probe.wrong-verdict',
    message: `${host.name}: ${where} must have refused ${who}, and accepted it.`,
    nextStep:
      'Another server of this socket, or another trust file, lets it in: make it trust the managed bundle, or let the default server reject handshakes (ssl_reject_handshake on); then resume the rotation.',
    detail: cause,
  });
}

export function sessionLivesOn(host: HostRecord, where: string, who: string, cause: string): PortError {
  return new PortError({
    code: 'probe.session-lives-on',
    message: `${host.name}: ${where} must have refused ${who}, and let it go on.`,
    nextStep:
      'Set ssl_session_tickets off and ssl_session_cache none in the default server of this socket, or let that server load the managed bundle; then resume the rotation.',
    detail: cause,
  });
}

export function noVerdict(host: HostRecord, where: string, who: string, cause: string): PortError {
  return new PortError(
    {
      code: 'probe.unknown',
      message: `${host.name}: ${where} must have refused ${who}, and gave no verdict.`,
      nextStep:
        'Windlass undoes the switch by itself; read the nginx error log (level info) of the host for the cause.',
      detail: cause,
    },
    { transient: true },
  );
}
