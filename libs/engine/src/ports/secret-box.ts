import type { Secret } from './secret.js';

/**
 * Seals secrets for rest. `context` is bound to the sealed text (associated data), so a sealed value copied to
 * another row or column does not open. Throws PortError `secret.not-opened`.
 */
export abstract class SecretBox {
  abstract seal(text: string, context: string): string;
  abstract open(sealed: string, context: string): Secret;
}
