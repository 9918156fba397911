import { appendAudit, bySystem } from './audit-append.js';
import type { Session } from './database.js';
import { journalDigest } from './journal-digest.js';

/** Operation of the entries that have the digest of a journal. */
export const ROTATION_ENDED = 'rotation.ended';

/**
 * Puts the digest of a journal that has just got its last entry into the audit chain: from then on no entry of it can
 * be changed unseen. The last act of a transaction, because it holds the head of the chain.
 */
export async function anchorJournal(
  session: Session,
  rotationId: string,
  { status, fleetIds }: { readonly status: string; readonly fleetIds: readonly string[] },
): Promise<void> {
  const { entries, digest } = await journalDigest(session, rotationId);
  const subjects = [`rotation:${rotationId}`, ...fleetIds.map((id) => `fleet:${id}`)];
  const details = { status, journalEntries: entries, journalDigest: digest };
  await appendAudit(session, [bySystem({ operation: ROTATION_ENDED, subjects, details })]);
}
