import type { ApiClient } from '#api-client';
import { given } from '../server/server.js';
import { readRotation } from './read-rotation.js';
import type { Rotation } from './rotation-tree.js';
import { VERBS, type Verb } from './words.js';

export interface Wish {
  readonly rotationId: string;
  /** Why; where the verb asks for it. */
  readonly reason?: string | undefined;
  /** Of the change that is approved. */
  readonly digest?: string | undefined;
}

/**
 * Tells the rotation, as it is read just before: when it has changed since, nothing is recorded. Throws RangeError for
 * words that are missing, with the change that would be approved where that is what lacks, and ApiProblem.
 */
export async function tell(client: ApiClient, verb: Verb, wish: Wish): Promise<Rotation> {
  const { rotationId, reason } = wish;
  if (VERBS[verb].reason && !reason?.trim()) throw new RangeError(`${verb} needs --reason: it is on record`);
  const [rotation, tag] = await readRotation(client, rotationId);
  const body =
    verb === 'approve' ? { trustDiffDigest: shownDigest(rotation, wish) } : reason ? { reason } : null;
  const init = {
    params: { path: { rotationId }, header: { 'If-Match': tag } },
    ...(body === null ? {} : { body }),
  };
  // Verbs differ in their bodies alone, and the API has the last word on those.
  const path = `/v1/rotations/{rotationId}:${verb}` as '/v1/rotations/{rotationId}:retry';
  const { data } = await client.POST(path, init as Omit<typeof init, 'body'>);
  return given(data);
}

/** Nobody approves of what they have not seen. */
function shownDigest({ generations, otherFleets }: Rotation, { digest }: Wish): string {
  if (digest) return digest;
  const shown = [generations, ...otherFleets.map((other) => other.generations)];
  const words = shown.map(({ trustDiff }) => trustDiff ?? 'not known yet').join(' | ');
  throw new RangeError(
    `approve needs --digest. What is ahead: ${words}. If that is right: --digest ${generations.trustDiffDigest ?? ''}`,
  );
}
