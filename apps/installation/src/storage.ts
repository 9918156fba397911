import type { DataSource } from 'typeorm';
import { migrate, openDataSource, SealedValues } from '#persistence';
import {
  type Config,
  loadMasterKeys,
  type MasterKeySource,
  type MasterKeys,
  SealedBox,
  startEmbeddedPostgres,
  WrappedMasterKeys,
} from '#platform';
import type { InstallationLog } from './installation-log.js';
import { openWrappedKeys } from './wrapped-keys.js';

export type StorageConfig = Pick<Config, 'databaseUrl' | 'postgresDir'> & MasterKeySource;

/** The database with its schema up to date, and what opens the secrets in it. */
export interface Storage {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly keys: MasterKeys;
  readonly box: SealedBox;
}

/** Throws PortError that names what is away or wrong; what `onClose` was given is open by then. */
export async function openStorage(
  config: StorageConfig,
  log: InstallationLog,
  onClose: (close: () => Promise<unknown>) => void,
): Promise<Storage> {
  // Before the database, where they do not stand in it: what is wrong with them is said at once.
  const given = config.transit ? null : await loadMasterKeys(config);
  const url = await databaseUrl(config, log, onClose);
  const dataSource = await openDataSource(url, {
    onConnectionError: (error) => log.warn({ error }, 'a database connection broke; the next one is made'),
  });
  onClose(() => dataSource.destroy());
  const migrations = await migrate(dataSource);
  if (migrations.length > 0) log.info({ migrations }, 'the database schema is up to date');
  const keys = given ?? (await openWrappedKeys(config, dataSource, log));
  if (keys instanceof WrappedMasterKeys) onClose(async () => keys.close());
  const box = new SealedBox(keys);
  await tellOfMissingKeys(new SealedValues(dataSource, box), box, log);
  return { url, dataSource, keys, box };
}

/** An error and no end: whoever lost a key must be able to enter again what it sealed. */
async function tellOfMissingKeys(values: SealedValues, box: SealedBox, log: InstallationLog): Promise<void> {
  for (const [keyId, count] of await values.byMasterKey()) {
    if (box.has(keyId)) continue;
    const what = `${count} stored secrets do not open: they were sealed with master key ${keyId}, which is not here`;
    log.error({ keyId, count, nextStep: 'Give that key in WINDLASS_OLD_MASTER_KEYS and start again.' }, what);
  }
}

async function databaseUrl(
  config: StorageConfig,
  log: InstallationLog,
  onClose: (close: () => Promise<unknown>) => void,
): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl.reveal();
  const postgres = await startEmbeddedPostgres({ dataDir: config.postgresDir, log });
  onClose(() => postgres.close());
  return postgres.url;
}
