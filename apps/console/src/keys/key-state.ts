import type { components } from '#api-client';

export type ApiKey = components['schemas']['ApiKey'];

export type KeyState = 'good' | 'ended' | 'revoked';

/** Whether a key opens anything at `now`. Revoked counts before ended: a person did it. */
export function keyState(
  { revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>,
  now: number,
): KeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'ended' : 'good';
}
