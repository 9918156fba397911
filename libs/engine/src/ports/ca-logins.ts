import type { VaultMount } from './ca-source.js';
import type { Secret } from './secret.js';

/** What a person is handed in place of a secret id: a token that gives it away once. */
export interface WrappedSecretId {
  /** Path of the auth method without slashes at the ends. */
  readonly mount: string;
  readonly roleId: string;
  readonly wrapped: Secret;
}

/** What is done with a login to a CA once, when a person hands it over. */
export abstract class CaLogins {
  /**
   * Takes a secret id out of its wrapping and tries it. A wrapping is opened once and for ever: call this when
   * everything else about a record is known to be right. Throws PortError `ca.wrapping-used` (somebody else may have
   * the secret), `ca.wrapping-foreign`, `ca.wrapping-counted`, `ca.login-refused`, else as CaSource does.
   */
  abstract unwrap(
    server: Pick<VaultMount, 'address' | 'namespace' | 'mount' | 'serverCaPem'>,
    secretId: WrappedSecretId,
  ): Promise<Secret>;
}
