import type { Secret, VaultTokenCa } from '#engine';

/** What it takes to talk to one mount of one Vault. */
export type VaultPlace = Pick<VaultTokenCa, 'address' | 'namespace' | 'mount' | 'token' | 'serverCaPem'> & {
  /** What else goes to Vault and must not come back in a message. */
  readonly hidden?: readonly Secret[];
};

/** What was asked of Vault, for messages: `purpose` reads on after "to", such as `read the default issuer`. */
export interface Question {
  readonly method: 'GET' | 'LIST' | 'POST' | 'PATCH' | 'DELETE';
  /** API path without `/v1/`. */
  readonly path: string;
  readonly purpose: string;
}

/** How messages name a mount: address, mount, namespace where there is one. */
export function nameOf(place: VaultPlace): string {
  const namespace = place.namespace === '' ? '' : `, namespace ${place.namespace}`;
  return `Vault at ${place.address} (mount ${place.mount}${namespace})`;
}
