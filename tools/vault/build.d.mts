/** A reason the binary cannot be had that the reader can act on. */
export class VaultBuildError extends Error {}

/** The path of the binary for the present sources, or null when it has not been built. Never builds. */
export function cachedVaultPath(): string | null;

/** The path of the binary, built first if need be. Rejects with VaultBuildError when it cannot be built. */
export function ensureVault(options?: { log?: (line: string) => void }): Promise<string>;

/** What stands in the way of a build and only a person can mend, such as a Go that is too old; null: nothing does. */
export function missingForBuild(): string | null;
