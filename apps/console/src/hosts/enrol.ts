import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { components } from '#api-client';
import { useOnce } from '../session/once.js';
import { useSession } from '../session/session.js';

type Enrolment = components['schemas']['NewHost'] | components['schemas']['NewHosts'];

/** Enrols one host, or all of a list, or none of it. */
export function useEnrolling(fleetId: string, onDone: () => void) {
  const { client } = useSession();
  const queries = useQueryClient();
  const once = useOnce();
  return useMutation({
    mutationFn: (body: Enrolment) =>
      client.POST('/v1/fleets/{fleetId}/hosts', {
        params: { path: { fleetId }, header: once(body) },
        body,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['fleets'] });
      onDone();
    },
  });
}
