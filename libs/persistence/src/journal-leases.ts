import type { Lease } from '#engine';
import type { Database } from './database.js';

/** Leases by the database's clock, so that the clocks of workers do not matter. */
export class JournalLeases {
  constructor(private readonly database: Database) {}

  async acquire(rotationId: string, holder: string, ttlMilliseconds: number): Promise<Lease | null> {
    const [row] = await this.database.statement((session) =>
      session.rows<{ term: number }>(
        `INSERT INTO leases AS mine (rotation_id, holder, term, expires_at)
         VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
         ON CONFLICT (rotation_id) DO UPDATE
           SET holder = excluded.holder, term = mine.term + 1, expires_at = excluded.expires_at
           WHERE mine.holder IS NULL OR mine.expires_at <= clock_timestamp()
         RETURNING term`,
        [rotationId, holder, ttlMilliseconds],
      ),
    );
    return row === undefined ? null : { rotationId, holder, term: row.term };
  }

  /** An expired lease that nobody took is still ours: its term is the newest. */
  async renew(lease: Lease, ttlMilliseconds: number): Promise<boolean> {
    const renewed = await this.database.statement((session) =>
      session.count(
        `UPDATE leases SET expires_at = clock_timestamp() + $4 * interval '1 millisecond'
         WHERE rotation_id = $1 AND term = $2 AND holder = $3`,
        [lease.rotationId, lease.term, lease.holder, ttlMilliseconds],
      ),
    );
    return renewed === 1;
  }

  async release(lease: Lease): Promise<void> {
    await this.database.statement((session) =>
      session.count('UPDATE leases SET holder = NULL WHERE rotation_id = $1 AND term = $2 AND holder = $3', [
        lease.rotationId,
        lease.term,
        lease.holder,
      ]),
    );
  }
}
