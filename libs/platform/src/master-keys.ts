import { PortError, type Secret } from '#engine';
import type { Config } from './config.js';
import { MasterKey } from './master-key.js';
import { generateMasterKey, readMasterKey } from './master-key-file.js';

/** Master keys in memory: one seals, every one opens what it sealed. */
export abstract class MasterKeys {
  /** The key that seals from now on. Throws PortError where it may not be used any more. */
  abstract sealing(): MasterKey;
  /** The key of that id, or null. */
  abstract find(id: string): MasterKey | null;
  /** Ids of the keys that open, for messages. */
  abstract ids(): readonly string[];
}

/** Keys that stay what they were given as. */
export class GivenMasterKeys extends MasterKeys {
  constructor(
    private readonly key: MasterKey,
    private readonly old: readonly MasterKey[] = [],
  ) {
    super();
  }

  override sealing(): MasterKey {
    return this.key;
  }

  override find(id: string): MasterKey | null {
    return [this.key, ...this.old].find((key) => key.id === id) ?? null;
  }

  override ids(): readonly string[] {
    return [...new Set([this.key, ...this.old].map(({ id }) => id))];
  }
}

export type MasterKeySource = Pick<Config, 'masterKey' | 'masterKeyFile'> &
  Partial<
    Pick<Config, 'generatesMasterKey' | 'oldMasterKeys' | 'oldMasterKeyFiles' | 'transit' | 'namesMasterKey'>
  >;

/**
 * The key of the environment, else the one in the file, which is made where it is missing only if that was asked for;
 * and the keys before it. Throws PortError `secret.no-master-key`, and what {@link readMasterKey} throws.
 */
export async function loadMasterKeys(source: MasterKeySource): Promise<GivenMasterKeys> {
  return new GivenMasterKeys(await loadSealing(source), await loadOldMasterKeys(source));
}

/** The keys that seal no more. Throws PortError `secret.no-master-key`, and what {@link readMasterKey} throws. */
export async function loadOldMasterKeys(source: MasterKeySource): Promise<readonly MasterKey[]> {
  const given = (source.oldMasterKeys ?? []).map((key) => given64(key, 'WINDLASS_OLD_MASTER_KEYS'));
  const read = await Promise.all((source.oldMasterKeyFiles ?? []).map(readOld));
  return [...given, ...read];
}

async function loadSealing({
  masterKey,
  masterKeyFile,
  generatesMasterKey,
}: MasterKeySource): Promise<MasterKey> {
  if (masterKey !== null) return given64(masterKey, 'WINDLASS_MASTER_KEY');
  const found = await readMasterKey(masterKeyFile);
  if (found !== null) return found;
  if (generatesMasterKey !== true) throw nowhere(masterKeyFile);
  await generateMasterKey(masterKeyFile);
  return (await readMasterKey(masterKeyFile)) ?? Promise.reject(nowhere(masterKeyFile));
}

async function readOld(file: string): Promise<MasterKey> {
  const key = await readMasterKey(file);
  if (key === null) throw oldIsMissing(file);
  return key;
}

function given64(key: Secret, origin: string): MasterKey {
  return new MasterKey(key.reveal(), origin);
}

function nowhere(file: string): PortError {
  return new PortError({
    code: 'secret.no-master-key',
    message: `There is no master key: WINDLASS_MASTER_KEY is not set, and there is no file ${file}.`,
    nextStep:
      'Make one with "windlass key generate" and keep a copy elsewhere, or set WINDLASS_MASTER_KEY (openssl rand -base64 32), WINDLASS_MASTER_KEY_FILE or WINDLASS_TRANSIT_KEY. If secrets are stored already, bring back the key that they were stored with.',
  });
}

function oldIsMissing(file: string): PortError {
  return new PortError({
    code: 'secret.no-master-key',
    message: `WINDLASS_OLD_MASTER_KEY_FILES names ${file}, and there is no such file.`,
    nextStep: 'Name the file of the key before this one, or take it out when nothing is sealed with it.',
  });
}
