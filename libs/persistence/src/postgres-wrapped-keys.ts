import type { DataSource } from 'typeorm';
import { type WrappedKey, WrappedKeys } from '#engine';
import { Database } from './database.js';

/** Any number will do, as long as it stays: processes that start together agree on one first key. */
const FIRST_KEY_LOCK = 7_263_110_447;

/** Wrapped master keys in PostgreSQL, by its clock. Throws PortError `database.unreachable`. */
export class PostgresWrappedKeys extends WrappedKeys {
  private readonly database: Database;

  constructor(dataSource: DataSource) {
    super();
    this.database = new Database(dataSource);
  }

  override list(): Promise<readonly WrappedKey[]> {
    return this.database.statement((session) =>
      session.rows<WrappedKey>(
        `SELECT id, wrapped, seals_from <= clock_timestamp() AS seals FROM master_keys ORDER BY seals_from, id`,
      ),
    );
  }

  override async addFirst(id: string, wrapped: string): Promise<void> {
    await this.database.transaction(async (session) => {
      await session.rows('SELECT pg_advisory_xact_lock($1)', [FIRST_KEY_LOCK]);
      await session.count(
        `INSERT INTO master_keys (id, wrapped, seals_from)
         SELECT $1, $2, clock_timestamp() WHERE NOT EXISTS (SELECT 1 FROM master_keys)`,
        [id, wrapped],
      );
    });
  }

  override async add(id: string, wrapped: string, sealsInSeconds: number): Promise<void> {
    await this.database.statement((session) =>
      session.count(
        `INSERT INTO master_keys (id, wrapped, seals_from)
         VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))`,
        [id, wrapped, sealsInSeconds],
      ),
    );
  }

  override async rewrap(id: string, wrapped: string): Promise<void> {
    await this.database.statement((session) =>
      session.count('UPDATE master_keys SET wrapped = $2 WHERE id = $1', [id, wrapped]),
    );
  }

  override async removeSuperseded(id: string, forSeconds: number): Promise<boolean> {
    const removed = await this.database.statement((session) =>
      session.count(
        `DELETE FROM master_keys old WHERE id = $1 AND EXISTS (
           SELECT 1 FROM master_keys newer WHERE newer.seals_from > old.seals_from
             AND newer.seals_from < clock_timestamp() - make_interval(secs => $2))`,
        [id, forSeconds],
      ),
    );
    return removed === 1;
  }
}
