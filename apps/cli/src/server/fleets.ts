import type { ApiClient, components } from '#api-client';
import { allItems } from './pages.js';

export type Fleet = components['schemas']['Fleet'];
export type Host = components['schemas']['Host'];

export async function allFleets(client: ApiClient): Promise<Fleet[]> {
  return allItems(async (query) => (await client.GET('/v1/fleets', { params: { query } })).data);
}

export async function hostsOf(client: ApiClient, fleetId: string): Promise<Host[]> {
  return allItems(async (query) => {
    const { data } = await client.GET('/v1/fleets/{fleetId}/hosts', { params: { path: { fleetId }, query } });
    return data;
  });
}

/** By id or by name. Throws RangeError with the names that there are. */
export async function fleetCalled(client: ApiClient, word: string): Promise<Fleet> {
  return oneCalled('fleet', await allFleets(client), word);
}

/** Of several, the one of this id or name. Throws RangeError with the names that there are. */
export function oneCalled<One extends { readonly id: string; readonly name: string }>(
  what: string,
  among: readonly One[],
  word: string,
): One {
  const found = among.filter(({ id, name }) => id === word || name === word);
  if (found.length > 1)
    throw new RangeError(`there are ${found.length} of the name "${word}": give the id of one`);
  if (found[0]) return found[0];
  const names = among.map(({ name }) => name).join(', ');
  throw new RangeError(
    `there is no ${what} "${word}"; there ${names === '' ? 'are none yet' : `are ${names}`}`,
  );
}
