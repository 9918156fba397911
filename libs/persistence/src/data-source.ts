import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '#migrations';
import { toDatabaseProblem } from './database-problem.js';
import { ENTITIES } from './entities/index.js';
import { SnakeNaming } from './snake-naming.js';

export interface DataSourceSettings {
  /** Connections at most; 10 by default. Migrations need two. */
  readonly poolSize?: number;
  /** Shown in pg_stat_activity; `windlass` by default. */
  readonly applicationName?: string;
  /** Hears of idle connections that broke; the pool replaces them by itself. */
  readonly onConnectionError?: (error: Error) => void;
}

const CONNECT_MS = 5_000;
/** A session that went silent inside a transaction, its process stopped or cut off, lets go of its row locks. */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** Describes the database; nothing is opened before {@link openDataSource} or Nest's TypeOrmModule does it. */
export function createDataSource(url: string, settings: DataSourceSettings = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNaming(),
    poolSize: settings.poolSize ?? 10,
    connectTimeoutMS: CONNECT_MS,
    applicationName: settings.applicationName ?? 'windlass',
    installExtensions: false,
    logging: false,
    poolErrorHandler: settings.onConnectionError ?? (() => {}),
    extra: { keepAlive: true, idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS },
  });
}

/**
 * Opens the pool. Throws PortError `database.unreachable` (transient), `database.denied` or `database.missing`,
 * which name host, port and database, never the password.
 */
export async function openDataSource(url: string, settings: DataSourceSettings = {}): Promise<DataSource> {
  const dataSource = createDataSource(url, settings);
  try {
    return await dataSource.initialize();
  } catch (error) {
    throw toDatabaseProblem(error, url);
  }
}
