/** A file as text, with what is needed to write it back byte for byte. */
export interface ConfigText {
  readonly text: string;
  /** `bytes`: the file is no UTF-8; each byte became the character with its number, as nginx itself reads it. */
  readonly encoding: 'utf-8' | 'bytes';
}

/** Characters that `String.fromCharCode` takes at once without exhausting the stack. */
const CHUNK = 8192;

/**
 * nginx reads bytes and knows no encoding; its syntax is ASCII. A file is read as UTF-8 where it is UTF-8, so that
 * columns and words are what a person sees, and else byte by byte, so that nothing is lost. A byte order mark
 * stays in the text. Never throws.
 */
export function readConfigText(bytes: Uint8Array): ConfigText {
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding: 'utf-8',
    };
  } catch {
    const chunks: string[] = [];
    for (let at = 0; at < bytes.length; at += CHUNK) {
      chunks.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
    }
    return { text: chunks.join(''), encoding: 'bytes' };
  }
}

/** The bytes of a text: those that {@link readConfigText} was given, when nothing was changed. */
export function writeConfigText({ text, encoding }: ConfigText): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
