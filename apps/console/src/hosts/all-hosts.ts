import { useQuery } from '@tanstack/react-query';
import type { components } from '#api-client';
import { readAll } from '../session/pages.js';
import { useSession } from '../session/session.js';

export type Host = components['schemas']['Host'];
/** What the last look at a host saw. */
export type Observed = components['schemas']['ObservedHost'];

const PAGE = 200;
const MOST_HOSTS = 5_000;
/** Thousands of hosts are some pages each time. */
const LOOK_AGAIN_MS = 30_000;

/** Every host of a fleet, oldest first; of very many the first 5,000. */
export function useAllHosts(fleetId: string) {
  const { client } = useSession();
  return useQuery({
    queryKey: ['fleets', fleetId, 'hosts'],
    refetchInterval: LOOK_AGAIN_MS,
    queryFn: () =>
      readAll<Host>(
        (page) =>
          client.GET('/v1/fleets/{fleetId}/hosts', {
            params: { path: { fleetId }, query: { limit: PAGE, ...page } },
          }),
        MOST_HOSTS,
      ),
  });
}
