import { type AuditableEntry, Auditor } from './auditor.js';
import type { Violation } from './invariants.js';

/** Every violation of a whole journal. */
export function audit(entries: readonly AuditableEntry[]): readonly Violation[] {
  const auditor = new Auditor();
  return entries.flatMap((entry) => {
    const found = auditor.violations(entry);
    auditor.record(entry);
    return found;
  });
}
