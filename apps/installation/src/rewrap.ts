import { setTimeout as sleep } from 'node:timers/promises';
import { PortError } from '#engine';
import { PostgresWrappedKeys, type Resealed, SealedValues } from '#persistence';
import { WrappedMasterKeys } from '#platform';
import type { InstallationLog } from './installation-log.js';
import { openStorage, type Storage, type StorageConfig } from './storage.js';

/** Much longer than a process keeps a key that it could not confirm: nobody seals with the key before any more. */
const SUPERSEDED_SECONDS = 86_400;

export interface Rewrapped extends Resealed {
  /** Id of the master key that seals now. */
  readonly masterKey: string;
  /** Number of values under each master key, when all was done. */
  readonly byMasterKey: ReadonlyMap<string, number>;
}

/**
 * Moves every stored secret to the master key that seals now, while API and workers run. What was begun before is
 * carried on; a key that was added a moment ago is waited for. Throws PortError as {@link openStorage} does.
 */
export function rewrapSecrets(config: StorageConfig, log: InstallationLog): Promise<Rewrapped> {
  return withStorage(config, log, async ({ dataSource, keys, box }) => {
    if (keys instanceof WrappedMasterKeys) while (await keys.rotates()) await sleep(1_000);
    const values = new SealedValues(dataSource, box);
    const resealed = await values.reseal();
    const byMasterKey = await values.byMasterKey();
    if (keys instanceof WrappedMasterKeys) {
      await keys.rewrapAll();
      const store = new PostgresWrappedKeys(dataSource);
      const unused = (await store.list()).filter(({ id }) => !byMasterKey.has(id));
      for (const { id } of unused) await store.removeSuperseded(id, SUPERSEDED_SECONDS);
    }
    return { ...resealed, masterKey: box.keyId, byMasterKey };
  });
}

/**
 * Adds a master key that transit wraps and that seals half a minute from now; returns its id. Throws PortError
 * `secret.key-is-given` where the key is not one that Windlass makes.
 */
export async function rotateMasterKey(config: StorageConfig, log: InstallationLog): Promise<string> {
  if (!config.transit || config.namesMasterKey === true) throw keyIsGiven();
  return withStorage(config, log, async ({ keys }) => {
    if (!(keys instanceof WrappedMasterKeys)) throw keyIsGiven();
    return keys.rotate();
  });
}

async function withStorage<T>(
  config: StorageConfig,
  log: InstallationLog,
  work: (storage: Storage) => Promise<T>,
): Promise<T> {
  const opened: (() => Promise<unknown>)[] = [];
  try {
    return await work(await openStorage(config, log, (one) => opened.push(one)));
  } finally {
    for (const one of opened.reverse()) await one();
  }
}

function keyIsGiven(): PortError {
  return new PortError({
    code: 'secret.key-is-given',
    message: 'The master key is one that you give, so Windlass makes no other.',
    nextStep:
      'Start with another one as WINDLASS_MASTER_KEY or its file and this one among WINDLASS_OLD_MASTER_KEYS, then run: windlass secrets rewrap.',
  });
}
