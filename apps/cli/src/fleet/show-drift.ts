import type { components } from '#api-client';
import type { Call } from '../command-line/call.js';
import { fleetCalled } from '../server/fleets.js';
import { given } from '../server/server.js';
import { columns } from '../server/show.js';

type Drift = components['schemas']['FleetDrift'];

/** 1 where a host is not as recorded. */
export async function showDrift(call: Call<Record<never, never>>): Promise<number> {
  const { client, operands, desk, show } = call;
  const fleet = await fleetCalled(client, operands[0] ?? '');
  desk.waitingFor(`asking the hosts of ${fleet.name}`);
  const { data } = await client.GET('/v1/fleets/{fleetId}/drift', {
    params: { path: { fleetId: fleet.id } },
  });
  const drift = given(data);
  show(drift, driftTable);
  return drift.inSync ? 0 : 1;
}

function driftTable({ generation, items }: Drift): string {
  const rows = items.map(({ host, state, problems }) => [
    ...[host, state, problems.map(({ message, nextStep }) => `${message} Next: ${nextStep}`).join(' ')],
  ]);
  return `recorded: generation ${generation.number}, ${generation.digest}\n${columns([['HOST', 'STATE', 'WHY'], ...rows])}`;
}
