import type { AuditFact } from '#audit-chain';

/** What is recorded; the log gives it an id, a place and a time. */
export type NewAuditFact = Omit<AuditFact, 'id'>;

/** The append-only log of who did what, and of what Windlass did by itself. */
export abstract class AuditLog {
  /**
   * Returns the number of the entry once it is kept for good. Throws PortError `database.unreachable` (transient), and
   * then whether it was kept is unknown.
   */
  abstract record(fact: NewAuditFact): Promise<number>;
}
