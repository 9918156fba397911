import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSession } from '../session/session.js';
import type { Schedule } from './schedule.js';

/** One schedule with what comes of it, and the tag of what is shown. */
export function usePreviewed({ id, fleetId }: Pick<Schedule, 'id' | 'fleetId'>) {
  const { client } = useSession();
  return useQuery({
    queryKey: ['schedules', id],
    queryFn: async () => {
      const path = { fleetId, scheduleId: id };
      const { data, response } = await client.GET('/v1/fleets/{fleetId}/schedules/{scheduleId}', {
        params: { path },
      });
      return data ? { schedule: data, tag: response.headers.get('etag') ?? '*' } : null;
    },
  });
}

export type ScheduleChange =
  | { readonly kind: 'enable'; readonly enabled: boolean; readonly tag: string }
  | { readonly kind: 'resume'; readonly reason: string }
  | { readonly kind: 'remove'; readonly tag: string };

/** Pauses, resumes or removes a schedule, as it was looked at. */
export function useScheduleChange({ id, fleetId }: Schedule, onDone: () => void) {
  const { client } = useSession();
  const queries = useQueryClient();
  const path = { fleetId, scheduleId: id };
  return useMutation({
    mutationFn: async (change: ScheduleChange): Promise<unknown> => {
      if (change.kind === 'resume') {
        const { reason } = change;
        return client.POST('/v1/fleets/{fleetId}/schedules/{scheduleId}:resume', {
          ...{ params: { path }, body: { reason } },
        });
      }
      const params = { path, header: { 'If-Match': change.tag } };
      if (change.kind === 'remove') {
        return client.DELETE('/v1/fleets/{fleetId}/schedules/{scheduleId}', { params });
      }
      const { enabled } = change;
      return client.PATCH('/v1/fleets/{fleetId}/schedules/{scheduleId}', { params, body: { enabled } });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['schedules'] });
      await queries.invalidateQueries({ queryKey: ['fleets'] });
      onDone();
    },
  });
}
