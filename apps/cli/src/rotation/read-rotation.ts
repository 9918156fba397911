import type { ApiClient } from '#api-client';
import { fleetCalled } from '../server/fleets.js';
import { given } from '../server/server.js';
import type { Rotation } from './rotation-tree.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** With its ETag. */
export async function readRotation(client: ApiClient, rotationId: string): Promise<[Rotation, string]> {
  const { data, response } = await client.GET('/v1/rotations/{rotationId}', {
    params: { path: { rotationId } },
  });
  return [given(data), response.headers.get('etag') ?? '*'];
}

/** Id of the rotation that a word means: its own, or that of the newest rotation of a fleet. Throws RangeError. */
export async function rotationCalled(client: ApiClient, word: string): Promise<string> {
  if (UUID.test(word)) return word;
  const { id: fleetId, name } = await fleetCalled(client, word);
  const { data } = await client.GET('/v1/rotations', { params: { query: { limit: 1, fleetId } } });
  const newest = data?.items[0];
  if (newest === undefined) throw new RangeError(`${name} has no rotation yet: windlass rotate ${name}`);
  return newest.id;
}
