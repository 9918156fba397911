import type { components } from '#api-client';
import type { Call } from '../command-line/call.js';
import { allFleets, type Fleet, fleetCalled } from '../server/fleets.js';
import { columns } from '../server/show.js';

type NoOptions = Record<never, never>;

export async function listFleets({ client, show }: Call<NoOptions>): Promise<number> {
  show(await allFleets(client), fleetTable);
  return 0;
}

export async function getFleet({ client, operands: [fleet = ''], show }: Call<NoOptions>): Promise<number> {
  show(await fleetCalled(client, fleet), fleetCard);
  return 0;
}

function fleetTable(fleets: readonly Fleet[]): string {
  return columns([
    ['NAME', 'HOSTS', 'GENERATION', 'LAST ROTATED', 'ID'],
    ...fleets.map(({ name, hostCount, generation, lastRotatedAt, id }) => [
      ...[name, String(hostCount), String(generation.number), lastRotatedAt ?? 'never', id],
    ]),
  ]);
}

export function fleetCard(fleet: Fleet): string {
  const { generation, distrusted } = fleet;
  return columns([
    ['name', fleet.name],
    ['id', fleet.id],
    ['hosts', `${fleet.hostCount}, ${fleet.canaryHosts} of them first`],
    ['generation', `${generation.number}, ${generation.digest}`],
    ['issuing CA', describeCa(fleet.issuingCa)],
    ['old CA goes', `when ${fleet.contractWhen}, after ${fleet.soakSeconds} s at least`],
    ['approval', fleet.approval],
    ['revocation', fleet.revocation],
    ['client log', fleet.clientLog ?? 'none'],
    ['last rotated', fleet.lastRotatedAt ?? 'never'],
    ['last rehearsed', fleet.lastRehearsedAt ?? 'never'],
    ...distrusted.map(({ anchor }) => ['distrusted', anchor]),
  ]);
}

function describeCa(ca: components['schemas']['IssuingCa']): string {
  if (ca.kind === 'upload') return `uploaded, ${ca.name}`;
  if (ca.kind === 'aws-pca') return `AWS ${ca.account} in ${ca.region}, ${ca.group}`;
  return `Vault ${ca.address}, ${ca.namespace === '' ? '' : `${ca.namespace}/`}${ca.mount}, role ${ca.role}`;
}
