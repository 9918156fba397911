import type { ApiClient, components } from '#api-client';

export type Fleet = components['schemas']['Fleet'];
export type Host = components['schemas']['Host'];

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** Every item of a list, however many pages it has. */
async function all<Item>(read: (cursor: string | null) => Promise<Page<Item> | undefined>): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> | undefined = await read(cursor);
    found.push(...(page?.items ?? []));
    cursor = page?.nextCursor ?? null;
  } while (cursor !== null);
  return found;
}

const queryOf = (cursor: string | null) => ({ limit: 200, ...(cursor === null ? {} : { cursor }) });

export function allFleets(client: ApiClient): Promise<Fleet[]> {
  return all(async (cursor) => {
    const { data } = await client.GET('/v1/fleets', { params: { query: queryOf(cursor) } });
    return data;
  });
}

export function hostsOf(client: ApiClient, fleetId: string): Promise<Host[]> {
  return all(async (cursor) => {
    const params = { path: { fleetId }, query: queryOf(cursor) };
    const { data } = await client.GET('/v1/fleets/{fleetId}/hosts', { params });
    return data;
  });
}

/** By id or by name. Throws RangeError with the names that there are. */
export async function fleetCalled(client: ApiClient, word: string): Promise<Fleet> {
  const fleets = await allFleets(client);
  const found = fleets.find(({ id, name }) => id === word || name === word);
  if (found) return found;
  const names = fleets.map(({ name }) => name).join(', ');
  throw new RangeError(
    `there is no fleet "${word}"; there ${names === '' ? 'are none yet' : `are ${names}`}`,
  );
}
