/** The path of oasdiff, or null when it was not built. Never builds. */
export function cachedOasdiff(): string | null;

/** The path of oasdiff, built first if need be. Throws an Error that says what failed. */
export function ensureOasdiff(options?: { log?: (line: string) => void }): string;
