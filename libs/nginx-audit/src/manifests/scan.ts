import type { DumpedFile } from '../directive.js';
import { findingsOf, type RuleFinding } from '../finding.js';
import { manifestView } from './manifest-view.js';
import { readManifests } from './read-manifests.js';
import { MANIFEST_RULES } from './rules/index.js';
import type { TrustLinter } from './trust-sources.js';

/**
 * Holds Kubernetes manifests against the rule table, all files together: what one refers to may stand in another.
 * Without a linter nothing is said of the certificates in Secrets and ConfigMaps. Never throws, whatever the files
 * hold.
 */
export function scanManifests(
  files: readonly DumpedFile[],
  linter: TrustLinter | null = null,
): RuleFinding[] {
  const view = manifestView(readManifests(files), linter);
  return findingsOf(
    MANIFEST_RULES,
    view,
    files.map(({ path }) => path),
  );
}
