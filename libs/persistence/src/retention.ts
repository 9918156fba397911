import type { DataSource } from 'typeorm';
import { appendAudit, bySystem } from './audit-append.js';
import { Database } from './database.js';

/**
 * What nobody needs of a rotation that has ended, each as the DELETE of what is older than $1. Never here: journals,
 * generations and the audit log, which prove what was done, and whatever a rotation that has not ended needs.
 */
const RULES = {
  /** With private keys in them, however sealed. */
  probeLeaves: `DELETE FROM probe_leaves USING rotations
    WHERE rotations.id = rotation_id AND rotations.ended_at < $1`,
  leases: 'DELETE FROM leases USING rotations WHERE rotations.id = rotation_id AND rotations.ended_at < $1',
} as const;

/** How many rows went, by rule. */
export type Pruned = Readonly<Record<keyof typeof RULES, number>>;

/** Removes what ended rotations leave behind. */
export class Retention {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  /**
   * Removes what belongs to rotations that ended so many days ago or longer, by the clock of the database, and records
   * it for audit where there was any. Any number of workers may do so at once.
   */
  prune(days: number): Promise<Pruned> {
    return this.database.transaction(async (session) => {
      const [now] = await session.rows<{ before: Date }>(
        'SELECT now() - make_interval(days => $1) AS before',
        [days],
      );
      const counted = { probeLeaves: 0, leases: 0 };
      for (const rule of Object.keys(RULES) as (keyof Pruned)[]) {
        counted[rule] = await session.count(RULES[rule], [now?.before]);
      }
      if (Object.values(counted).some((count) => count > 0)) {
        const details = { days, ...counted };
        await appendAudit(session, [bySystem({ operation: 'retention.pruned', subjects: [], details })]);
      }
      return counted;
    });
  }
}
