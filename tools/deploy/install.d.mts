/** The paths of windlass-deploy-check and of the Python that has the rest, or null for one that is not there. Never builds. */
export function cachedDeployTools(): { check: string | null; python: string | null };

/** Builds what is missing. Throws an Error that says which step failed. */
export function ensureDeployTools(options?: { log?: (line: string) => void }): {
  check: string | null;
  python: string | null;
};
