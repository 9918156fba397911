import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session/session.js';

/** One fleet, as it is now. */
export function useFleet(fleetId: string) {
  const { client } = useSession();
  return useQuery({
    queryKey: ['fleets', fleetId],
    queryFn: async () => {
      const { data } = await client.GET('/v1/fleets/{fleetId}', { params: { path: { fleetId } } });
      return data ?? null;
    },
  });
}
