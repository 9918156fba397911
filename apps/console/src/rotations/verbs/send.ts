import type { ApiClient } from '#api-client';
import type { Verb } from './offered.js';

/** What somebody decided, on the rotation as they saw it. */
export interface Order {
  readonly rotationId: string;
  /** Of the rotation that was looked at: the order counts for that and no other (docs/adr/0006). */
  readonly revision: number;
  readonly reason: string;
}

/** Rejects with ApiProblem: 412 when the rotation changed meanwhile. */
export async function sendVerb(
  client: ApiClient,
  verb: Verb,
  { rotationId, revision, reason }: Order,
  trustDiffDigest: string | null,
): Promise<void> {
  const params = { path: { rotationId }, header: { 'If-Match': `"${revision}"` } };
  switch (verb) {
    case 'approve':
      await client.POST('/v1/rotations/{rotationId}:approve', {
        ...{ params, body: { trustDiffDigest: trustDiffDigest ?? '' } },
      });
      return;
    case 'resume':
      await client.POST('/v1/rotations/{rotationId}:resume', { params });
      return;
    case 'retry':
      await client.POST('/v1/rotations/{rotationId}:retry', { params });
      return;
    case 'override':
      await client.POST('/v1/rotations/{rotationId}:override', { params, body: { reason } });
      return;
    case 'pause':
      await client.POST('/v1/rotations/{rotationId}:pause', { params, body: { reason } });
      return;
    case 'abort':
      await client.POST('/v1/rotations/{rotationId}:abort', { params, body: { reason } });
  }
}

export async function giveUpHost(
  client: ApiClient,
  hostId: string,
  { rotationId, revision, reason }: Order,
): Promise<void> {
  const params = { path: { rotationId, hostId }, header: { 'If-Match': `"${revision}"` } };
  await client.POST('/v1/rotations/{rotationId}/hosts/{hostId}:decommission', { params, body: { reason } });
}
