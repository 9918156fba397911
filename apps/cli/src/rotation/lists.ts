import type { ApiClient, components } from '#api-client';
import { allFleets, type Fleet, fleetCalled, type Host, hostsOf } from './fleets.js';
import { lasted } from './rotation-tree.js';
import { given } from './server.js';
import { columns } from './show.js';

type Summary = components['schemas']['RotationSummary'];
type Drift = components['schemas']['FleetDrift'];

/** What a list holds, and how it is put into a table. */
export interface Listing<Value = unknown> {
  readonly value: Value;
  readonly table: string;
  /** Of the command: not 0 where what is listed is not as it should be. */
  readonly exitCode: number;
}

/** Lists by their words; `fleet` is a name or an id. */
export const LISTS: Readonly<
  Record<string, (client: ApiClient, fleet: string | undefined, now: number) => Promise<Listing>>
> = {
  fleets: async (client) => {
    const fleets = await allFleets(client);
    return { value: fleets, table: fleetTable(fleets), exitCode: 0 };
  },
  rotations: async (client, fleet, now) => {
    const of = fleet === undefined ? {} : { fleetId: (await fleetCalled(client, fleet)).id };
    const { data } = await client.GET('/v1/rotations', { params: { query: { limit: 50, ...of } } });
    const value = data?.items ?? [];
    return { value, table: rotationTable(value, now), exitCode: 0 };
  },
  hosts: async (client, fleet) => {
    const hosts = await hostsOf(client, (await fleetCalled(client, needed('hosts', fleet))).id);
    return { value: hosts, table: hostTable(hosts), exitCode: 0 };
  },
  drift: async (client, fleet) => {
    const { id: fleetId } = await fleetCalled(client, needed('drift', fleet));
    const { data } = await client.GET('/v1/fleets/{fleetId}/drift', { params: { path: { fleetId } } });
    const drift = given(data);
    return { value: drift, table: driftTable(drift), exitCode: drift.inSync ? 0 : 1 };
  },
};

function needed(command: string, fleet: string | undefined): string {
  if (fleet !== undefined) return fleet;
  throw new RangeError(`${command} needs a fleet`);
}

function fleetTable(fleets: readonly Fleet[]): string {
  return columns([
    ['NAME', 'HOSTS', 'GENERATION', 'LAST ROTATED', 'ID'],
    ...fleets.map(({ name, hostCount, generation, lastRotatedAt, id }) => [
      ...[name, String(hostCount), String(generation.number), lastRotatedAt ?? 'never', id],
    ]),
  ]);
}

function rotationTable(rotations: readonly Summary[], now: number): string {
  return columns([
    ['ID', 'STATUS', 'PHASE', 'BEGUN'],
    ...rotations.map(({ id, status, phase, createdAt }) => [
      ...[id, status, phase, `${lasted(createdAt, now)} ago`],
    ]),
  ]);
}

function hostTable(hosts: readonly Host[]): string {
  return columns([
    ['NAME', 'ADDRESS', 'LOGIN', 'JUMP', 'STATE', 'ID'],
    ...hosts.map(({ name, address, port, user, login, jump, decommissionedAt, id }) => [
      ...[name, `${address}:${port}`, `${user}, ${login}`, jump?.address ?? '-'],
      ...[decommissionedAt === null ? 'enrolled' : 'given up', id],
    ]),
  ]);
}

function driftTable({ generation, items }: Drift): string {
  const rows = items.map(({ host, state, problems }) => [
    ...[host, state, problems.map(({ message, nextStep }) => `${message} Next: ${nextStep}`).join(' ')],
  ]);
  return `recorded: generation ${generation.number}, ${generation.digest}\n${columns([['HOST', 'STATE', 'WHY'], ...rows])}`;
}
