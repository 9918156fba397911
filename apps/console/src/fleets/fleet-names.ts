import { useAllFleets } from './all-fleets.js';

/** What the fleets are called, by id. */
export function useFleetNames(): ReadonlyMap<string, string> {
  const { data } = useAllFleets();
  return new Map(data?.map(({ id, name }) => [id, name]));
}
