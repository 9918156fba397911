import { useQuery } from '@tanstack/react-query';
import type { ApiClient, components } from '#api-client';
import { useSession } from '../session/session.js';

export type Fleet = components['schemas']['Fleet'];

const PAGE = 100;
/** What a page can still show at a glance. */
const MOST_FLEETS = 2_000;

/** Every fleet that this key may see, oldest first; of very many the first 2,000. */
export function useAllFleets() {
  const { client } = useSession();
  return useQuery({ queryKey: ['fleets'], queryFn: () => readAllFleets(client) });
}

async function readAllFleets(client: ApiClient): Promise<readonly Fleet[]> {
  const fleets: Fleet[] = [];
  let cursor: string | null = '';
  while (cursor !== null && fleets.length < MOST_FLEETS) {
    const query: { limit: number; cursor?: string } = { limit: PAGE, ...(cursor === '' ? {} : { cursor }) };
    const { data }: { data?: { items: Fleet[]; nextCursor: string | null } } = await client.GET(
      '/v1/fleets',
      {
        params: { query },
      },
    );
    fleets.push(...(data?.items ?? []));
    cursor = data?.nextCursor ?? null;
  }
  return fleets;
}
