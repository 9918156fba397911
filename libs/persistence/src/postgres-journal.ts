import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type Append, Journal, type JournalEntry, type Lease } from '#engine';
import type { Scope } from '#rotation';
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

  override async append(append: Append): Promise<readonly JournalEntry[]> {
    if (!isId(append.rotationId)) throw notFound('rotation', append.rotationId);
    if (append.events.length === 0) throw new RangeError('an append needs at least one event');
    const named = { ...append, appendId: randomUUID() };
    return this.database.settle((session) => appendOnce(session, named));
  }

  override async read(
    rotationId: string,
    afterSequence = 0,
    most: number | null = null,
  ): Promise<readonly JournalEntry[]> {
    if (!isId(rotationId)) return [];
    const rows = await this.database.statement((session) =>
      session.rows<Parameters<typeof toEntry>[0]>(
        `SELECT sequence, at, event FROM journal_entries WHERE rotation_id = $1 AND sequence > $2
         ORDER BY sequence LIMIT $3`,
        [rotationId, afterSequence, most],
      ),
    );
    return rows.map(toEntry);
  }

  /** Rounded as the times of entries are, so that none is dated before a moment that was read before it. */
  override async now(): Promise<number> {
    const [row] = await this.database.statement((session) =>
      session.rows<{ now: string }>(
        'SELECT extract(epoch FROM clock_timestamp()::timestamptz(3)) * 1000 AS now',
      ),
    );
    return Number(row?.now);
  }

  override onAppend(rotationId: string, listener: () => void): Promise<() => Promise<void>> {
    return this.hints.subscribe(rotationId, listener);
  }

  override async acquireLease(
    rotationId: string,
    scope: Scope,
    holder: string,
    ttlMilliseconds: number,
  ): Promise<Lease | null> {
    if (!isId(rotationId)) throw notFound('rotation', rotationId);
    return this.leases.acquire({ rotationId, scope, holder, ttlMilliseconds });
  }

  override renewLease(lease: Lease, ttlMilliseconds: number): Promise<boolean> {
    return this.leases.renew(lease, ttlMilliseconds);
  }

  override releaseLease(lease: Lease): Promise<void> {
    return this.leases.release(lease);
  }

  override async heldScopes(rotationId: string): Promise<ReadonlySet<Scope>> {
    return isId(rotationId) ? this.leases.held(rotationId) : new Set();
  }

  /** Ends the LISTEN connection. The pool belongs to whoever made the data source. */
  close(): Promise<void> {
    return this.hints.close();
  }
}
