import { inspect } from 'node:util';

const REDACTED = '[secret]';

/**
 * A value that must never reach a log, an error, job data, the journal or an API reply. It prints, serialises
 * and inspects as `[secret]`; only {@link Secret.reveal} gives the text, at the last moment before use.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The plain text. Call it in the adapter that hands it to its protocol, nowhere else. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
