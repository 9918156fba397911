import { createDecipheriv } from 'node:crypto';
import pg from 'pg';
import { SEALED_COLUMNS } from '#persistence';

/** The data key of every sealed value of a database, in base64; unwrapped here by hand, as a thief would. */
export async function dataKeysOf(databaseUrl: string, masterKey: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const keys: string[] = [];
  for (const [name, row] of Object.entries(SEALED_COLUMNS)) {
    const [table, column] = name.split('.');
    const { rows } = await client.query<{ id: string; sealed: string }>(
      `SELECT ${row} AS id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    for (const { id, sealed } of rows) {
      const wrapped = Buffer.from(sealed.split(':')[2] ?? '', 'base64url');
      keys.push(unwrap(Buffer.from(masterKey, 'base64'), wrapped, `data key of ${name}:${id}`));
    }
  }
  await client.end();
  return keys;
}

function unwrap(masterKey: Buffer, wrapped: Buffer, context: string): string {
  const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(0, 12));
  decipher.setAuthTag(wrapped.subarray(12, 28)).setAAD(Buffer.from(context));
  return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]).toString('base64');
}
