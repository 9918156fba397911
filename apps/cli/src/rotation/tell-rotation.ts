import type { Answer, Call } from '../command-line/call.js';
import type { REASON } from '../command-line/option.js';
import { given } from '../server/server.js';
import { readRotation, rotationCalled } from './read-rotation.js';
import { shown } from './show-rotation.js';
import { tell, type Wish } from './verbs.js';
import type { Verb } from './words.js';

/** Tells a rotation one of the verbs, with what its options say. */
export function tellRotation(verb: Verb): Answer<Record<never, never>> {
  return async (call) => {
    const { reason, digest } = call.values as Partial<Pick<Wish, 'reason' | 'digest'>>;
    const rotationId = await rotationCalled(call.client, call.operands[0] ?? '');
    return shown(call, await tell(call.client, verb, { rotationId, reason, digest }));
  };
}

/** Gives up a host of a rotation. */
export async function decommission(call: Call<typeof REASON>): Promise<number> {
  const { client, values, operands } = call;
  const { reason } = values;
  if (!reason?.trim()) throw new RangeError('decommission needs --reason: it is on record');
  const [rotation, tag] = await readRotation(client, await rotationCalled(client, operands[0] ?? ''));
  const word = operands[1];
  const host = rotation.hosts.find(({ hostId, name }) => hostId === word || name === word);
  if (host === undefined) {
    throw new RangeError(
      `there is no host "${word}" in it; there are ${rotation.hosts.map(({ name }) => name).join(', ')}`,
    );
  }
  const { data } = await client.POST('/v1/rotations/{rotationId}/hosts/{hostId}:decommission', {
    params: { path: { rotationId: rotation.id, hostId: host.hostId }, header: { 'If-Match': tag } },
    body: { reason },
  });
  return shown(call, given(data));
}
