import { readFile } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { TransitKeyWrapper, type TransitLogin } from '#ca-source';
import { logTrouble, PortError, Secret } from '#engine';
import { PostgresWrappedKeys } from '#persistence';
import {
  loadMasterKeys,
  loadOldMasterKeys,
  type MasterKeySource,
  type TransitConfig,
  WrappedMasterKeys,
} from '#platform';
import type { InstallationLog } from './installation-log.js';

/**
 * The master keys that Vault's transit wraps. Beside a key that is named, which is what seals then, they only open: so
 * an installation leaves transit. Throws PortError as {@link WrappedMasterKeys} does.
 */
export async function openWrappedKeys(
  config: MasterKeySource,
  dataSource: DataSource,
  log: InstallationLog,
): Promise<WrappedMasterKeys> {
  if (!config.transit) throw new Error('there is no transit to open');
  const given = config.namesMasterKey ? await loadMasterKeys(config) : null;
  return WrappedMasterKeys.open({
    wrapper: await openWrapper(config.transit),
    store: new PostgresWrappedKeys(dataSource),
    old: await loadOldMasterKeys(config),
    instead: given?.sealing() ?? null,
    onError: (error) => logTrouble(log, { error }, 'a master key could not be unwrapped; it is tried again'),
  });
}

async function openWrapper(transit: TransitConfig): Promise<TransitKeyWrapper> {
  const { address, namespace, mount, key, serverCaFile } = transit;
  const serverCaPem =
    serverCaFile === null ? null : await readNamed(serverCaFile, 'WINDLASS_TRANSIT_CA_FILE');
  return new TransitKeyWrapper({ address, namespace, mount, key, serverCaPem }, loginOf(transit));
}

function loginOf({ login }: TransitConfig): TransitLogin {
  if ('appRole' in login) return { appRole: login.appRole };
  if ('token' in login) return { token: async () => login.token };
  const { tokenFile } = login;
  return {
    token: async () => new Secret((await readNamed(tokenFile, 'WINDLASS_TRANSIT_TOKEN_FILE')).trim()),
  };
}

async function readNamed(file: string, variable: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new PortError(
      {
        code: 'config.unreadable-file',
        message: `${variable} names ${file}, which cannot be read.`,
        nextStep: 'Let this user read it, or name another file.',
        detail: (error as Error).message,
      },
      // An agent writes its token file anew.
      { transient: true },
    );
  }
}
