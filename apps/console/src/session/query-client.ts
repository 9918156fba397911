import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '#api-client';

const LOOK_AGAIN_MS = 10_000;
const MOST_TRIES = 3;

/** Lists are looked at again while somebody looks on; what was refused is not asked again by itself. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      refetchInterval: LOOK_AGAIN_MS,
      staleTime: 2_000,
      retry: (failures, error) => !(error instanceof ApiProblem) && failures < MOST_TRIES,
      // The API may be on this very machine, which needs no network.
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
