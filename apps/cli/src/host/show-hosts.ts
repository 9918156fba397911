import type { Call } from '../command-line/call.js';
import type { YES } from '../command-line/option.js';
import { agrees } from '../command-line/person.js';
import { type Fleet, fleetCalled, type Host, hostsOf, oneCalled } from '../server/fleets.js';
import { columns } from '../server/show.js';

type NoOptions = Record<never, never>;

export async function listHosts({ client, operands, show }: Call<NoOptions>): Promise<number> {
  show(await hostsOf(client, (await fleetCalled(client, operands[0] ?? '')).id), hostTable);
  return 0;
}

export async function getHost(call: Call<NoOptions>): Promise<number> {
  const [, host] = await hostCalled(call);
  call.show(host, hostCard);
  return 0;
}

export async function removeHost(call: Call<typeof YES>): Promise<number> {
  const { client, values, desk, show } = call;
  const [fleet, host] = await hostCalled(call);
  const wish = { yes: values.yes === true, otherwise: 'give --yes' };
  if (!(await agrees(desk.person, `Take ${host.name} (${host.address}) out of ${fleet.name}?`, wish)))
    return 1;
  await client.DELETE('/v1/fleets/{fleetId}/hosts/{hostId}', {
    params: { path: { fleetId: fleet.id, hostId: host.id } },
  });
  show(host, () => `${host.name} is no host of ${fleet.name} any more`);
  return 0;
}

async function hostCalled({
  client,
  operands,
}: Pick<Call<NoOptions>, 'client' | 'operands'>): Promise<[Fleet, Host]> {
  const fleet = await fleetCalled(client, operands[0] ?? '');
  return [fleet, oneCalled('host', await hostsOf(client, fleet.id), operands[1] ?? '')];
}

export function hostTable(hosts: readonly Host[]): string {
  return columns([
    ['NAME', 'ADDRESS', 'LOGIN', 'JUMP', 'STATE', 'ID'],
    ...hosts.map(({ name, address, port, user, login, jump, decommissionedAt, id }) => [
      ...[name, `${address}:${port}`, `${user}, ${login}`, jump?.address ?? '-'],
      ...[decommissionedAt === null ? 'enrolled' : 'given up', id],
    ]),
  ]);
}

export function hostCard(host: Host): string {
  const { jump } = host;
  return columns([
    ['name', host.name],
    ['id', host.id],
    ['address', `${host.address}:${host.port}`],
    ['login', `${host.user}, ${host.login}, access ${host.access}`],
    ['host key', host.hostKey],
    ...(jump === null ? [] : [['jump host', `${jump.user}@${jump.address}:${jump.port}, ${jump.login}`]]),
    ...host.managedPaths.map((path) => ['managed', path]),
    ...host.probeTargets.map(({ address, port, serverName }) => [
      ...['listener', `${address}:${port}${serverName === null ? '' : `/${serverName}`}`],
    ]),
    ['nginx', [host.nginxBinary, ...host.nginxArguments].join(' ')],
    ['reload', host.reloadCommand.length === 0 ? 'SIGHUP' : host.reloadCommand.join(' ')],
    ['state', host.decommissionedAt === null ? 'enrolled' : `given up ${host.decommissionedAt}`],
  ]);
}
