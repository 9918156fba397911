/** A reason moto cannot be had that the reader can act on. */
export class MotoInstallError extends Error {}

/** The path of the Python that has moto, or null when it is not installed. Never installs. */
export function cachedMotoPython(): string | null;

/** The path of the Python that has moto, installed first if need be. Throws MotoInstallError. */
export function ensureMoto(options?: { log?: (line: string) => void }): string;

/** What stands in the way and only a person can mend, such as a Python without venv; null: nothing does. */
export function missingForMoto(): string | null;
