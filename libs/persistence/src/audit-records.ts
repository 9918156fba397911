import type { DataSource } from 'typeorm';
import { type AuditEntry, type AuditHead, GENESIS } from '#audit-chain';
import { Database, type Session } from './database.js';
import { AuditEntryEntity } from './entities/audit-entry.entity.js';
import { ROTATION_ENDED } from './journal-anchor.js';
import { type JournalDigest, journalDigest } from './journal-digest.js';
import { badCursor, type Page, type PageRequest } from './page.js';

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  /** Such as `fleet:<id>`. */
  readonly subject?: string | undefined;
  readonly from?: Date | undefined;
  /** The moment itself left out. */
  readonly until?: Date | undefined;
}

export interface JournalProof {
  readonly journal: JournalDigest;
  /** Null while the rotation runs, and for one that ended before there was a chain. */
  readonly anchor: AuditEntry | null;
}

/** Entries that a read takes at once; a long log is never in memory. */
const PAGE = 1_000;

/** The audit log as people read it. */
export class AuditRecords {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    this.database = new Database(dataSource);
  }

  /** Newest first. Throws PortError `page.bad-cursor`. */
  async listEntries(filter: AuditFilter, { cursor, limit }: PageRequest): Promise<Page<AuditEntry>> {
    const before = cursor === null ? null : numberIn(cursor);
    const rows = await this.database.statement((session) => {
      const query = filtered(session, filter)
        .orderBy('entry.number', 'DESC')
        .limit(limit + 1);
      return (before === null ? query : query.andWhere('entry.number < :before', { before })).getMany();
    });
    const items = rows.slice(0, limit).map(toAuditEntry);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
  }

  /** All that the filter lets through, oldest first, read as it is taken. Ends with what was there at the beginning. */
  async *entries(filter: AuditFilter): AsyncGenerator<AuditEntry> {
    const { count } = await this.head();
    for (let last = 0; ; ) {
      const rows = await this.database.statement((session) =>
        filtered(session, filter)
          .andWhere('entry.number > :last AND entry.number <= :count', { last, count })
          .orderBy('entry.number')
          .limit(PAGE)
          .getMany(),
      );
      yield* rows.map(toAuditEntry);
      last = rows.at(-1)?.number ?? last;
      if (rows.length < PAGE) return;
    }
  }

  /** What stands for the journal of a rotation, up to a sequence: its digest, and the entry of its end in the chain. */
  journalProof(rotationId: string, upTo: number): Promise<JournalProof> {
    return this.database.snapshot(async (session) => {
      const journal = await journalDigest(session, rotationId, upTo);
      const subject = `rotation:${rotationId}`;
      const [anchor] = await filtered(session, { operation: ROTATION_ENDED, subject }).limit(1).getMany();
      return { journal, anchor: anchor === undefined ? null : toAuditEntry(anchor) };
    });
  }

  head(): Promise<AuditHead> {
    return this.database.statement(auditHead);
  }
}

export async function auditHead(session: Session): Promise<AuditHead> {
  const [row] = await session.rows<{ count: string; hash: string }>('SELECT count, hash FROM audit_head');
  return row === undefined ? { count: 0, hash: GENESIS } : { count: Number(row.count), hash: row.hash };
}

export function toAuditEntry({ at, ...row }: AuditEntryEntity): AuditEntry {
  return { ...row, at: at.toISOString() };
}

function filtered({ manager }: Session, { actor, operation, subject, from, until }: AuditFilter) {
  const query = manager.createQueryBuilder(AuditEntryEntity, 'entry').where('true');
  if (actor !== undefined) query.andWhere('entry.actor = :actor', { actor });
  if (operation !== undefined) query.andWhere('entry.operation = :operation', { operation });
  if (subject !== undefined) query.andWhere('entry.subjects @> ARRAY[:subject]::text[]', { subject });
  if (from !== undefined) query.andWhere('entry.at >= :from', { from });
  if (until !== undefined) query.andWhere('entry.at < :until', { until });
  return query;
}

function cursorOf({ number }: AuditEntry): string {
  return Buffer.from(`audit.${number}`).toString('base64url');
}

function numberIn(cursor: string): number {
  const [, number] = /^audit\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (number === undefined) throw badCursor();
  return Number(number);
}
