import type { DataSource } from 'typeorm';
import { migrate, openDataSource, SealedValues } from '#persistence';
import {
  type Config,
  loadMasterKeys,
  type MasterKeySource,
  SealedBox,
  startEmbeddedPostgres,
} from '#platform';
import type { InstallationLog } from './installation-log.js';

export type StorageConfig = Pick<Config, 'databaseUrl' | 'postgresDir'> & MasterKeySource;

/** The database with its schema up to date, and what opens the secrets in it. */
export interface Storage {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly box: SealedBox;
}

/** Throws PortError that names what is away or wrong; what `onClose` was given is open by then. */
export async function openStorage(
  config: StorageConfig,
  log: InstallationLog,
  onClose: (close: () => Promise<unknown>) => void,
): Promise<Storage> {
  const box = new SealedBox(await loadMasterKeys(config));
  const url = await databaseUrl(config, log, onClose);
  const dataSource = await openDataSource(url, {
    onConnectionError: (error) => log.warn({ error }, 'a database connection broke; the next one is made'),
  });
  onClose(() => dataSource.destroy());
  const migrations = await migrate(dataSource);
  if (migrations.length > 0) log.info({ migrations }, 'the database schema is up to date');
  await tellOfMissingKeys(new SealedValues(dataSource, box), box, log);
  return { url, dataSource, box };
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
