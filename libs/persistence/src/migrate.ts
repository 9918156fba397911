import type { DataSource } from 'typeorm';

/** Any number will do, as long as it stays: it is how replicas that start together agree on who migrates. */
const MIGRATION_LOCK = 7_263_110_446;

/**
 * Brings the schema up to date and returns the names of what it ran. Replicas may call it at once: one runs,
 * the others wait and then find nothing to do (F30). TypeORM itself takes no lock. Needs two connections.
 */
export async function migrate(dataSource: DataSource): Promise<readonly string[]> {
  return underMigrationLock(dataSource, async () => {
    const applied = await dataSource.runMigrations();
    return applied.map((migration) => migration.name);
  });
}

/** Undoes the newest `steps` migrations, newest first. Data in what they made is lost. */
export async function rollBack(dataSource: DataSource, steps: number): Promise<void> {
  await underMigrationLock(dataSource, async () => {
    for (let step = 0; step < steps; step += 1) await dataSource.undoLastMigration();
  });
}

async function underMigrationLock<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const session = dataSource.createQueryRunner();
  try {
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      return await work();
    } finally {
      await session.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await session.release();
  }
}
