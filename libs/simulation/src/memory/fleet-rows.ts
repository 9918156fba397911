import type { Fleet, Generation } from '#engine';
import type { Bundle, FleetRow, HostRow, NewHost } from './rows.js';

interface Ids {
  nextId(kind: string): string;
}

/** The same generation again for the same digest. */
export function recordGeneration(ids: Ids, fleet: FleetRow, bundle: Bundle): Generation {
  const same = fleet.generations.find(({ digest }) => digest === bundle.digest);
  if (same !== undefined) return same;
  const { content, digest, marker } = bundle;
  const number = fleet.generations.length + 1;
  const generation = { id: ids.nextId('generation'), fleetId: fleet.id, number, content, digest, marker };
  fleet.generations.push(generation);
  return generation;
}

export function recordHost(ids: Ids, fleet: FleetRow, host: NewHost): HostRow {
  const row = { record: { ...host, id: ids.nextId('host'), fleetId: fleet.id }, decommissionedAt: null };
  fleet.hosts.push(row);
  return row;
}

/** As the engine sees it: without the hosts that a person took out. */
export function toFleet(row: FleetRow): Fleet {
  const { generationId, lastRotatedAt, lastRehearsedAt, generations, hosts, samples, ...settings } = row;
  const generation = generations.find(({ id }) => id === generationId);
  if (generation === undefined) throw new Error(`fleet ${row.id} serves a generation that is not its own`);
  const counted = hosts.filter((host) => host.decommissionedAt === null).map(({ record }) => record);
  return { ...settings, generation, hosts: counted, samples: [...samples] };
}
