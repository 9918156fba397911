/** Colours are our own. Line ends and tabs move nothing that was written before. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
const COMMANDS = /(\u001b\[(?:3\d|9[0-7])m)|(?!\r?\n|\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text for a terminal, which takes control characters for commands and lets bidirectional ones turn a line round: each
 * is written as JSON and YAML write it, such as `\u001b`. What hosts, CAs, servers and files say may hold some. Pure.
 */
export function visible(text: string): string {
  return text.replace(
    COMMANDS,
    (one: string, colour?: string) => colour ?? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
