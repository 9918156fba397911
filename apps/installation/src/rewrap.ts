import { type Resealed, SealedValues } from '#persistence';
import type { InstallationLog } from './installation-log.js';
import { openStorage, type StorageConfig } from './storage.js';

export interface Rewrapped extends Resealed {
  /** Id of the master key that seals now. */
  readonly masterKey: string;
  /** Number of values under each master key, when all was done. */
  readonly byMasterKey: ReadonlyMap<string, number>;
}

/**
 * Moves every stored secret to the master key that seals now, while API and workers run. What was begun before is
 * carried on. Throws PortError as {@link openStorage} does.
 */
export async function rewrapSecrets(config: StorageConfig, log: InstallationLog): Promise<Rewrapped> {
  const opened: (() => Promise<unknown>)[] = [];
  try {
    const { dataSource, box } = await openStorage(config, log, (one) => opened.push(one));
    const values = new SealedValues(dataSource, box);
    const resealed = await values.reseal();
    return { ...resealed, masterKey: box.keyId, byMasterKey: await values.byMasterKey() };
  } finally {
    for (const one of opened.reverse()) await one();
  }
}
