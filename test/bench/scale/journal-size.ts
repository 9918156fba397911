import pg from 'pg';

export interface JournalSize {
  readonly rows: number;
  /** Of the events as they are written. */
  readonly textBytes: number;
  /** Of the table with its indexes and what PostgreSQL puts aside and compresses. */
  readonly tableBytes: number;
  /** Of the whole database. */
  readonly databaseBytes: number;
}

/** What rotations leave behind in the database. */
export async function journalSize(url: string): Promise<JournalSize> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<keyof JournalSize, string>>(
      `SELECT count(*) AS rows, coalesce(sum(octet_length(event::text)), 0) AS "textBytes",
         pg_total_relation_size('journal_entries') AS "tableBytes",
         pg_database_size(current_database()) AS "databaseBytes"
       FROM journal_entries`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('an aggregate gave no row');
    const { textBytes, tableBytes, databaseBytes } = row;
    return {
      rows: Number(row.rows),
      ...{ textBytes: Number(textBytes), tableBytes: Number(tableBytes) },
      databaseBytes: Number(databaseBytes),
    };
  } finally {
    await client.end();
  }
}
