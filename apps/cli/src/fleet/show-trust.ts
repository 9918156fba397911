import type { components } from '#api-client';
import type { Call } from '../command-line/call.js';
import { fleetCalled } from '../server/fleets.js';
import { given } from '../server/server.js';
import { columns } from '../server/show.js';

type Crls = components['schemas']['FleetCrls'];
type Clients = components['schemas']['FleetClients'];
type NoOptions = Record<never, never>;

export async function showCrls({ client, operands, show }: Call<NoOptions>): Promise<number> {
  const { id: fleetId } = await fleetCalled(client, operands[0] ?? '');
  const { data } = await client.GET('/v1/fleets/{fleetId}/crls', { params: { path: { fleetId } } });
  show(given(data), crlTable);
  return 0;
}

function crlTable({ items }: Crls): string {
  return columns([
    ['ANCHOR', 'SUBJECT', 'SERVED CRL', 'UNTIL', 'REVOKED', 'HANDED IN'],
    ...items.map(({ anchor, subject, served, handedIn }) => [
      ...[anchor, subject, served?.thisUpdate ?? 'none', served?.nextUpdate ?? '-'],
      ...[served === null ? '-' : String(served.revoked), handedIn?.thisUpdate ?? '-'],
    ]),
  ]);
}

export async function showClients({ client, operands, desk, show }: Call<NoOptions>): Promise<number> {
  const fleet = await fleetCalled(client, operands[0] ?? '');
  desk.waitingFor(`reading who came to ${fleet.name}`);
  const { data } = await client.GET('/v1/fleets/{fleetId}/clients', {
    params: { path: { fleetId: fleet.id } },
  });
  show(given(data), clientTable);
  return 0;
}

function clientTable({ items, hosts }: Clients): string {
  const unknown = hosts.filter((one) => one.unknown !== null);
  return [
    columns([
      ['SUBJECT', 'ISSUER', 'REQUESTS', 'LAST SEEN', 'AT'],
      ...items.map(({ subject, issuer, requests, lastSeen, hosts: at }) => [
        ...[subject, issuer, String(requests), lastSeen, at.join(', ')],
      ]),
    ]),
    ...unknown.map(({ host, unknown: why }) => `unknown: ${host}: ${why}`),
  ].join('\n');
}
