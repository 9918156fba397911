import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Journal, type JournalEntry, type Lease, type Projection } from '#engine';
import type { RotationEvent } from '#rotation';
import { Database } from './database.js';
import { isId } from './ids.js';
import { appendOnce, toEntry } from './journal-append.js';
import { JournalHints } from './journal-hints.js';
import { JournalLeases } from './journal-leases.js';
import { notFound } from './not-found.js';

/**
 * The journal in PostgreSQL. Beyond the port's errors it throws PortError `rotation.not-found`,
 * `rotation.ended` (an append after the event that ended it) and `database.unreachable` (transient).
 */
export class PostgresJournal extends Journal {
  private readonly database: Database;
  private readonly leases: JournalLeases;
  private readonly hints: JournalHints;

  constructor(dataSource: DataSource) {
    super();
    this.database = new Database(dataSource);
    this.leases = new JournalLeases(this.database);
    this.hints = new JournalHints(this.database.url);
  }

  override async append(
    rotationId: string,
    expectedSequence: number,
    lease: Lease | null,
    events: readonly RotationEvent[],
    projection: Projection,
  ): Promise<readonly JournalEntry[]> {
    if (!isId(rotationId)) throw notFound('rotation', rotationId);
    if (events.length === 0) throw new RangeError('an append needs at least one event');
    const append = { rotationId, expectedSequence, lease, events, projection, appendId: randomUUID() };
    return this.database.settle((session) => appendOnce(session, append));
  }

  override async read(rotationId: string, afterSequence = 0): Promise<readonly JournalEntry[]> {
    if (!isId(rotationId)) return [];
    const rows = await this.database.statement((session) =>
      session.rows<Parameters<typeof toEntry>[0]>(
        'SELECT sequence, at, event FROM journal_entries WHERE rotation_id = $1 AND sequence > $2 ORDER BY sequence',
        [rotationId, afterSequence],
      ),
    );
    return rows.map(toEntry);
  }

  override onAppend(rotationId: string, listener: () => void): Promise<() => Promise<void>> {
    return this.hints.subscribe(rotationId, listener);
  }

  override acquireLease(rotationId: string, holder: string, ttlMilliseconds: number): Promise<Lease | null> {
    return this.leases.acquire(rotationId, holder, ttlMilliseconds);
  }

  override renewLease(lease: Lease, ttlMilliseconds: number): Promise<boolean> {
    return this.leases.renew(lease, ttlMilliseconds);
  }

  override releaseLease(lease: Lease): Promise<void> {
    return this.leases.release(lease);
  }

  /** Ends the LISTEN connection. The pool belongs to whoever made the data source. */
  close(): Promise<void> {
    return this.hints.close();
  }
}
