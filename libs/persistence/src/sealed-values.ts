import type { DataSource } from 'typeorm';
import { PortError, type SecretBox } from '#engine';
import { Database, type Session } from './database.js';
import { SEALED_COLUMNS, type SealedColumn, sealContext } from './sealed-columns.js';

/** Rows in one transaction: their locks are held for milliseconds. */
const BATCH = 200;
/** Passes over all columns: whoever was still sealing with the key before is overtaken by the next one. */
const PASSES = 3;

/** A box that says how the texts begin that it seals now. */
export type ResealingBox = SecretBox & { readonly prefix: string };

/** A value that stays as it is, because no key here opens it. */
export interface Unopened {
  readonly column: SealedColumn;
  readonly rowId: string;
  readonly why: string;
}

export interface Resealed {
  /** Number of values that were moved, by column. */
  readonly moved: ReadonlyMap<SealedColumn, number>;
  readonly unopened: readonly Unopened[];
}

/** Every sealed value of the database. Throws PortError `database.unreachable`. */
export class SealedValues {
  private readonly database: Database;

  constructor(
    dataSource: DataSource,
    private readonly box: ResealingBox,
  ) {
    this.database = new Database(dataSource);
  }

  /** Number of values by the id of the master key that they are sealed with. */
  async byMasterKey(): Promise<ReadonlyMap<string, number>> {
    const all = columns().map(([, table, column]) => `SELECT ${column} AS sealed FROM ${table}`);
    const rows = await this.database.statement((session) =>
      session.rows<{ key: string; values: number }>(
        `SELECT split_part(sealed, ':', 2) AS key, count(*)::int AS values
         FROM (${all.join(' UNION ALL ')}) every WHERE sealed IS NOT NULL GROUP BY 1 ORDER BY 1`,
      ),
    );
    return new Map(rows.map(({ key, values }) => [key, values]));
  }

  /**
   * Seals anew whatever is not sealed as the box seals now. Each batch is a transaction that locks its rows, so it may
   * run beside API and workers, be stopped anywhere and started again.
   */
  async reseal(): Promise<Resealed> {
    const moved = new Map<SealedColumn, number>(columns().map(([name]) => [name, 0]));
    let unopened: Unopened[] = [];
    for (let pass = 0; pass < PASSES; pass += 1) {
      unopened = [];
      let movedNow = 0;
      for (const [name] of columns()) {
        const done = await this.resealColumn(name);
        movedNow += done.moved;
        moved.set(name, (moved.get(name) ?? 0) + done.moved);
        unopened.push(...done.unopened);
      }
      if (movedNow === 0) break;
    }
    return { moved, unopened };
  }

  private async resealColumn(name: SealedColumn): Promise<{ moved: number; unopened: Unopened[] }> {
    const unopened: Unopened[] = [];
    let moved = 0;
    for (let after: string | undefined = ''; after !== undefined; ) {
      const from: string = after;
      const batch = await this.database.transaction((session) => this.resealBatch(session, name, from));
      moved += batch.moved;
      unopened.push(...batch.unopened);
      after = batch.last;
    }
    return { moved, unopened };
  }

  private async resealBatch(session: Session, name: SealedColumn, after: string) {
    const [, table, column, row] = partsOf(name);
    const rows = await session.rows<{ id: string; sealed: string }>(
      `SELECT (${row}) COLLATE "C" AS id, ${column} AS sealed FROM ${table}
       WHERE NOT starts_with(${column}, $1) AND (${row}) COLLATE "C" > $2
       ORDER BY 1 LIMIT ${BATCH} FOR NO KEY UPDATE`,
      [this.box.prefix, after],
    );
    const unopened: Unopened[] = [];
    const fresh = rows.flatMap(({ id, sealed }) => {
      try {
        const context = sealContext(name, id);
        return [{ id, sealed: this.box.seal(this.box.open(sealed, context).reveal(), context) }];
      } catch (error) {
        if (!(error instanceof PortError) || error.problem.code !== 'secret.not-opened') throw error;
        unopened.push({ column: name, rowId: id, why: error.problem.message });
        return [];
      }
    });
    await session.count(
      `UPDATE ${table} SET ${column} = fresh.sealed_text
       FROM unnest($1::text[], $2::text[]) AS fresh (row_id, sealed_text) WHERE (${row}) = fresh.row_id`,
      [fresh.map(({ id }) => id), fresh.map(({ sealed }) => sealed)],
    );
    return { moved: fresh.length, unopened, last: rows.length < BATCH ? undefined : rows.at(-1)?.id };
  }
}

type Parts = readonly [name: SealedColumn, table: string, column: string, row: string];

function columns(): readonly Parts[] {
  return (Object.keys(SEALED_COLUMNS) as SealedColumn[]).map(partsOf);
}

function partsOf(name: SealedColumn): Parts {
  const [table = '', column = ''] = name.split('.');
  return [name, table, column, SEALED_COLUMNS[name]];
}
