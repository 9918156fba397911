import type { Call } from '../command-line/call.js';
import { given } from '../server/server.js';
import { rotationCalled } from './read-rotation.js';

/** Prints what became of the rotation, as Markdown. */
export async function postmortem({ client, operands, show }: Call<Record<never, never>>): Promise<number> {
  const rotationId = await rotationCalled(client, operands[0] ?? '');
  const { data } = await client.GET('/v1/rotations/{rotationId}/postmortem', {
    params: { path: { rotationId } },
    headers: { Accept: 'text/markdown' },
    parseAs: 'text',
  });
  const markdown = given(data).trimEnd();
  show({ markdown }, () => markdown);
  return 0;
}
