import type { DataSource } from 'typeorm';
import { type AuditEntry, type AuditHead, ChainCheck, type ChainFault } from '#audit-chain';
import { auditHead, toAuditEntry } from './audit-records.js';
import { Database, type Session } from './database.js';
import { AuditEntryEntity } from './entities/audit-entry.entity.js';
import { ROTATION_ENDED } from './journal-anchor.js';
import { recomputeJournalDigest } from './journal-digest.js';

const PAGE = 1_000;

export interface AuditVerdict {
  readonly head: AuditHead;
  readonly fault: ChainFault | JournalFault | null;
  /** Journals of ended rotations that were held against the digest in the chain. */
  readonly journals: number;
}

/** The journal of a rotation is not the one that the chain has the digest of. */
export interface JournalFault {
  /** Of the entry that has the digest. */
  readonly number: number;
  readonly kind: 'journal-changed';
  readonly message: string;
}

/**
 * Reads the whole chain as the database has it at one moment, and every journal that it has the digest of. The first
 * thing that is wrong comes back. Throws PortError as {@link Database} does.
 */
export function verifyAudit(dataSource: DataSource, expected: AuditHead | null): Promise<AuditVerdict> {
  return new Database(dataSource).snapshot(async (session) => {
    const check = new ChainCheck(expected);
    let [journals, broken] = [0, null as JournalFault | null];
    for await (const entry of inOrder(session)) {
      check.take(entry);
      if (check.fault) break;
      if (broken !== null || entry.operation !== ROTATION_ENDED) continue;
      broken = await journalFault(session, entry);
      journals += 1;
    }
    const { head, fault } = check.end(await auditHead(session));
    return { head, fault: fault ?? broken, journals };
  });
}

async function* inOrder({ manager }: Session): AsyncGenerator<AuditEntry> {
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = await manager
      .createQueryBuilder(AuditEntryEntity, 'entry')
      .where('entry.number > :last', { last })
      .orderBy('entry.number')
      .limit(PAGE)
      .getMany();
    yield* rows.map(toAuditEntry);
    last = rows.at(-1)?.number ?? last;
    if (rows.length < PAGE) return;
  }
}

async function journalFault(session: Session, { number, details, subjects }: AuditEntry) {
  const rotationId = subjects.find((one) => one.startsWith('rotation:'))?.slice('rotation:'.length) ?? '';
  const { entries, digest } = await recomputeJournalDigest(session, rotationId);
  if (digest === details.journalDigest && entries === details.journalEntries) return null;
  const message =
    `the journal of rotation ${rotationId} is not the one that entry ${number} has the digest of: it had ` +
    `${details.journalEntries} entries then, and has ${entries} now`;
  return { number, kind: 'journal-changed' as const, message };
}
