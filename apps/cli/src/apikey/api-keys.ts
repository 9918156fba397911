import type { ApiClient, components } from '#api-client';
import type { Call } from '../command-line/call.js';
import type { YES } from '../command-line/option.js';
import { agrees } from '../command-line/person.js';
import { fleetCalled, oneCalled } from '../server/fleets.js';
import { allItems } from '../server/pages.js';
import { given } from '../server/server.js';
import { columns } from '../server/show.js';
import { oneOf, secondsIn } from '../server/words-in.js';
import type { CREATE_OPTIONS } from './options.js';

type ApiKey = components['schemas']['ApiKey'];

const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;

export async function listApiKeys({ client, show }: Call<Record<never, never>>): Promise<number> {
  show(await allKeys(client), keyTable);
  return 0;
}

/** The key goes to standard output, and nothing else does. */
export async function createApiKey(call: Call<typeof CREATE_OPTIONS>): Promise<number> {
  const { client, values, desk, show } = call;
  const { role, label, subject, fleet = [] } = values;
  const expiresIn = values['expires-in'];
  if (role === undefined) throw new RangeError(`--role is missing: one of ${ROLES.join(', ')}`);
  if (!label) throw new RangeError('--label is missing: whose key it is');
  const fleets = await Promise.all(fleet.map((word) => fleetCalled(client, word)));
  const { data } = await client.POST('/v1/api-keys', {
    body: {
      ...{ role: oneOf(role, ROLES, 'role'), label },
      ...(fleets.length === 0 ? {} : { fleetIds: fleets.map(({ id }) => id) }),
      ...(expiresIn === undefined
        ? {}
        : { expiresAt: later(desk.screen.now(), secondsIn(expiresIn, 'expires-in')) }),
      ...(subject === undefined ? {} : { subject }),
    },
  });
  const made = given(data);
  desk.complain(keyTable([made]));
  show(made, ({ key }) => key);
  return 0;
}

export async function revokeApiKey(call: Call<typeof YES>): Promise<number> {
  const { client, values, operands, desk, show } = call;
  const keys = (await allKeys(client)).filter(({ revokedAt }) => revokedAt === null);
  const named = keys.map((key) => ({ ...key, name: key.label }));
  const { name, ...key } = oneCalled('API key in use', named, operands[0] ?? '');
  const wish = { yes: values.yes === true, otherwise: 'give --yes' };
  if (!(await agrees(desk.person, `Revoke the ${key.role} key "${name}"?`, wish))) return 1;
  await client.DELETE('/v1/api-keys/{keyId}', { params: { path: { keyId: key.id } } });
  show(key, () => `the key "${name}" is revoked`);
  return 0;
}

function allKeys(client: ApiClient): Promise<ApiKey[]> {
  return allItems(async (query) => (await client.GET('/v1/api-keys', { params: { query } })).data);
}

function later(now: number, seconds: number): string {
  return new Date(now + seconds * 1_000).toISOString();
}

function keyTable(keys: readonly ApiKey[]): string {
  return columns([
    ['LABEL', 'ROLE', 'FLEETS', 'STATE', 'LAST USED', 'ID'],
    ...keys.map(({ label, role, fleetIds, expiresAt, revokedAt, lastUsedAt, id }) => [
      ...[label, role, fleetIds === null ? 'all' : String(fleetIds.length)],
      ...[revokedAt === null ? `until ${expiresAt ?? 'revoked'}` : 'revoked', lastUsedAt ?? 'never', id],
    ]),
  ]);
}
