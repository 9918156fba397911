/** Where a command writes: what was asked for, and what is wrong with the words. */
export interface Writers {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

/**
 * Prints what `text` makes of the words, or how the command is used where that is null. Returns the exit code: 0, or 2
 * for words that make no sense (a RangeError or a TypeError).
 */
export function printCommand(
  name: string,
  usage: string,
  { print, complain }: Writers,
  text: () => string | null,
): number {
  try {
    print(text() ?? usage);
    return 0;
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
    complain(`${name}: ${error.message}\n\n${usage}`);
    return 2;
  }
}
