const FORMATS = ['table', 'json', 'yaml'] as const;
export type OutputFormat = (typeof FORMATS)[number];

/** Throws RangeError for a word that is none. */
export function outputFormat(word: string): OutputFormat {
  const found = FORMATS.find((one) => one === word);
  if (found !== undefined) return found;
  throw new RangeError(`--output must be one of ${FORMATS.join(', ')}, not "${word}"`);
}
