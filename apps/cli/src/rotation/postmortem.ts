import type { ApiClient } from '#api-client';
import { given } from './server.js';

/** What became of the rotation, as Markdown. */
export async function postmortemOf(client: ApiClient, rotationId: string): Promise<string> {
  const { data } = await client.GET('/v1/rotations/{rotationId}/postmortem', {
    params: { path: { rotationId } },
    headers: { Accept: 'text/markdown' },
    parseAs: 'text',
  });
  return given(data).trimEnd();
}
