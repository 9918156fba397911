import type { Role } from '#engine';

/** Whoever came with a good key or token, in all that the rest of the API may know of them. */
export interface Caller {
  /** What they came with. */
  readonly kind: 'api-key' | 'oidc';
  /** Tells people and programs apart: `api-key:<id>`, or `oidc:<issuer>#<subject>`. Never another one's, no space. */
  readonly id: string;
  /** For people to read. It may change, and others may have the same. */
  readonly name: string;
  /** One at least. */
  readonly roles: readonly Role[];
  /** Ids, in lower case, of the fleets that they are confined to; null: all, and what belongs to none. */
  readonly fleets: readonly string[] | null;
  /** When what they came with ends, in milliseconds since 1970; null: never. */
  readonly until: number | null;
}
