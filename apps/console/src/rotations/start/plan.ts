import type { ApiClient, components } from '#api-client';
import type { NewRotation } from './wish.js';

/** What a rotation would do. */
export type RotationPlan = components['schemas']['RotationPlan'];

/** Asks what it would do; nothing is recorded. Rejects with the problem that a start would end in. */
export async function planRotation(client: ApiClient, body: NewRotation): Promise<RotationPlan> {
  const { data } = await client.POST('/v1/rotations', { body, params: { query: { dryRun: 'true' } } });
  if (data === undefined || !('waves' in data)) throw new Error('The API gave no plan.');
  return data;
}
