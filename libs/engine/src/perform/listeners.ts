import { type Listener, listenersOf, type TrustContext } from '#nginx-audit';
import type { RotationState } from '#rotation';
import type { HostRecord } from '../ports/fleet-store.js';
import type { Probe, ProbeTarget } from '../ports/probe.js';
import { PortError } from '../ports/problem.js';
import type { EffectContext } from './context.js';

/** One place where the workers of a host show which generation they serve, to anybody and without a client key. */
export type Place = Pick<ProbeTarget, 'address' | 'port' | 'serverName'>;

export interface SeenListeners {
  /** These showed CA names: from now on they must show the right ones. */
  readonly listeners: readonly Place[];
  /** Named by the configuration, and silent: behind a firewall, on loopback, or out of what may be probed. */
  readonly unseenListeners: readonly string[];
}

/** Knocks at the probe targets of the host, and at every listener that its configuration gives a managed file. */
export async function seeListeners(
  { ports }: EffectContext,
  host: HostRecord,
  contexts: readonly TrustContext[],
  files: readonly string[],
): Promise<SeenListeners> {
  const places = placesOf(host, listenersOf(contexts, files));
  const asked = await Promise.all(
    places.map(async (place) => ({ place, names: await namesShown(ports.probe, place) })),
  );
  const seen = asked.flatMap(({ place, names }) => (names === null ? [] : [place]));
  const unseen = asked.flatMap(({ place, names }) => (names === null ? [placeLabel(place)] : []));
  return { listeners: seen, unseenListeners: unseen };
}

/** Nobody answers, or nobody may be asked: a configuration names what it likes. */
const SILENT = ['probe.no-answer', 'probe.not-allowed'];

/** Null where nothing can be heard. Throws what is not the network's. */
async function namesShown(probe: Probe, place: Place): Promise<readonly string[] | null> {
  try {
    return await probe.servedCaNames({ ...place, path: '/' });
  } catch (error) {
    if (error instanceof PortError && SILENT.includes(error.problem.code)) return null;
    throw error;
  }
}

function placesOf(host: HostRecord, listeners: readonly Listener[]): Place[] {
  const named = listeners
    .filter(({ address }) => address === null || address === host.address || !isLoopback(address))
    .map(({ address, port, serverName }) => ({ address: address ?? host.address, port, serverName }));
  const targets = host.probeTargets.map(({ address, port, serverName }) => ({ address, port, serverName }));
  return [...new Map([...targets, ...named].map((place) => [placeLabel(place), place])).values()];
}

/** On a host that is not this machine its loopback is out of reach, and ours is somebody else. */
function isLoopback(address: string): boolean {
  return /^127\.|^::1$|^localhost$/.test(address);
}

/** Whether CA names that were served show the generation of this marker (facts: markers). */
export function showsMarker(names: readonly string[], marker: string): boolean {
  return names.some((name) => name.includes(`CN=${marker}`));
}

/** What the inspection of this rotation found; the probe targets where an earlier release inspected the host. */
export function listenersSeen(state: RotationState, host: HostRecord): readonly Place[] {
  const found = state.effects.get(`expand.1/host.inspect/${host.id}`)?.result.listeners;
  return Array.isArray(found) ? (found as readonly Place[]) : host.probeTargets;
}

export function placeLabel({ address, port, serverName }: Place, path = ''): string {
  return `${address}:${port}${path}${serverName ? ` (SNI ${serverName})` : ' (no SNI)'}`;
}
