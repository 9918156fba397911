import { namesOf, type TrustContext } from '#nginx-audit';
import type { RotationState } from '#rotation';
import type { HostRecord } from '../ports/fleet-store.js';
import type { ProbeTarget } from '../ports/probe.js';
import { listenersSeen, type Place } from './listeners.js';

/** Another door of the socket that a probe target is at, and the server behind it. */
export interface Way {
  /** Such as `without SNI`, or `behind SNI other.test`. */
  readonly says: string;
  /** Through this door to the server of the target, by its `Host`. */
  readonly across: ProbeTarget;
  /** To the server that the door itself belongs to. */
  readonly itself: ProbeTarget;
}

/** Names beside it that are tried at a target; a socket with hundreds of them would cost minutes. */
const NAMES_TRIED = 8;

/** Every door of the socket but the target's own: without SNI, and with the names of the servers beside it. */
export function waysTo(state: RotationState, host: HostRecord, target: ProbeTarget): readonly Way[] {
  const own = target.host ?? target.serverName ?? target.address;
  const through = (serverName: string | null, says: string): Way => ({
    says,
    across: { ...target, serverName, host: own },
    itself: { ...target, serverName },
  });
  const names = namesBeside(state, host, target);
  return [
    ...(target.serverName === null ? [] : [through(null, 'without SNI')]),
    ...names.map((name) => through(name, `behind SNI ${name}`)),
  ];
}

function namesBeside(state: RotationState, host: HostRecord, target: ProbeTarget): string[] {
  const found = state.effects.get(`expand.1/host.inspect/${host.id}`)?.result.neighbours;
  // An earlier release looked for the servers with a managed file only.
  const all = [...listenersSeen(state, host), ...(Array.isArray(found) ? (found as readonly Place[]) : [])];
  const beside = all.filter(({ address, port }) => address === target.address && port === target.port);
  const names = beside.flatMap(({ serverName }) => (serverName === null ? [] : [serverName]));
  return [...new Set(names)].filter((name) => name !== target.serverName).slice(0, NAMES_TRIED);
}

/** Every name, managed or not, on the sockets of the probe targets; `contexts` are all servers of the host. */
export function neighboursOf({ probeTargets }: HostRecord, contexts: readonly TrustContext[]): Place[] {
  const named = namesOf(contexts);
  return probeTargets.flatMap(({ address, port, serverName: own }) =>
    named
      .filter((one) => (one.address === null || one.address === address) && one.port === port)
      .filter(({ serverName }) => serverName !== own)
      .slice(0, NAMES_TRIED)
      .map(({ serverName }) => ({ address, port, serverName })),
  );
}
