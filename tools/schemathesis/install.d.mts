/** The Python that has schemathesis, or null when it is not installed. Never installs. */
export function cachedSchemathesis(): string | null;

/** The Python that has schemathesis, installed first if need be. Throws an Error that says what failed. */
export function ensureSchemathesis(options?: { log?: (line: string) => void }): string;
