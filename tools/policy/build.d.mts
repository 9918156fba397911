/** The paths of Conftest and of the Python that has Checkov, or null for one that is not there. Never builds. */
export function cachedPolicyTools(): { conftest: string | null; python: string | null };

/** Builds what is missing. Throws an Error that says which step failed. */
export function ensurePolicyTools(options?: { log?: (line: string) => void }): {
  conftest: string | null;
  python: string | null;
};

/** What stands in the way and only a person can mend; null: nothing does. */
export function missingForPolicyTools(): string | null;
