import { ApiProblem } from '#api-client';

/** What the API says of one field, by its JSON pointer such as `#/soakSeconds`; null where it found nothing. */
export type FaultAt = (pointer: string) => string | null;

/** Faults of a pointer below the one that is asked for count as its own: a list is one field. */
export function faultsOf(error: unknown): FaultAt {
  const faults = error instanceof ApiProblem ? (error.problem.errors ?? []) : [];
  return (pointer) => {
    const own = faults.filter(
      (fault) => fault.pointer === pointer || fault.pointer?.startsWith(`${pointer}/`),
    );
    return own.length === 0 ? null : own.map(({ detail }) => detail).join('; ');
  };
}
