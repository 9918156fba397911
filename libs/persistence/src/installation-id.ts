import type { Session } from './database.js';

/** Identifies this installation on hosts for ever (I9); the migration that made the row gave it. */
export async function installationId(session: Session): Promise<string> {
  const [row] = await session.rows<{ installation: string }>('SELECT installation FROM installation');
  if (row === undefined) throw new Error('the installation has no row, though a migration made one');
  return row.installation;
}
