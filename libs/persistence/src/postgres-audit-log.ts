import type { DataSource } from 'typeorm';
import type { AuditFact } from '#audit-chain';
import { AuditLog, type NewAuditFact, PortError } from '#engine';
import { appendAudit, appendAuditAgain } from './audit-append.js';
import { Database } from './database.js';
import { newId } from './ids.js';

/** Facts of one transaction at most. */
const MOST_AT_ONCE = 100;

interface Waiting {
  readonly fact: AuditFact;
  kept(number: number): void;
  failed(error: unknown): void;
}

/**
 * The audit chain in PostgreSQL. What comes while a transaction is under way goes into the next one together: the head
 * of the chain lets in one transaction at a time, whatever it holds.
 */
export class PostgresAuditLog extends AuditLog {
  private readonly database: Database;
  private readonly waiting: Waiting[] = [];
  private writing = false;

  constructor(dataSource: DataSource) {
    super();
    this.database = new Database(dataSource);
  }

  override record(fact: NewAuditFact): Promise<number> {
    return new Promise((kept, failed) => {
      this.waiting.push({ fact: { ...fact, id: newId() }, kept, failed });
      void this.write();
    });
  }

  private async write(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    while (this.waiting.length > 0) await this.writeBatch(this.waiting.splice(0, MOST_AT_ONCE));
    this.writing = false;
  }

  private async writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const numbers = await this.append(batch.map(({ fact }) => fact));
      for (const [place, one] of batch.entries()) one.kept(numbers[place] ?? Number.NaN);
    } catch (error) {
      // One that PostgreSQL does not take must not take the others with it.
      if (batch.length > 1 && !(error instanceof PortError))
        for (const one of batch) await this.writeBatch([one]);
      else for (const one of batch) one.failed(error);
    }
  }

  private async append(facts: readonly AuditFact[]): Promise<readonly number[]> {
    let tries = 0;
    const entries = await this.database.settle((session) => {
      tries += 1;
      return tries === 1 ? appendAudit(session, facts) : appendAuditAgain(session, facts);
    });
    return entries.map(({ number }) => number);
  }
}
