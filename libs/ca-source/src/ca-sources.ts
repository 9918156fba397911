import type { CaSource } from '#engine';
import { LoggedInCaSource } from './vault/logged-in-ca-source.js';
import { VaultCaSource } from './vault/vault-ca-source.js';

/** Every kind of issuing CA behind the one port. Keep it for as long as the process lives: it holds the logins. */
export function openCaSources(): CaSource {
  return new LoggedInCaSource(new VaultCaSource());
}
