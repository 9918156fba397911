import { parseArgs } from 'node:util';
import { type Rewrapped, rewrapSecrets } from '#installation';
import { createLogger, describeStartFailure, readConfig } from '#platform';
import type { Writers } from '../print-command.js';

const REWRAP_USAGE = `windlass secrets rewrap

Seals every stored secret anew with the master key that this environment gives, as API and worker have it. Give the
keys before it in WINDLASS_OLD_MASTER_KEYS or WINDLASS_OLD_MASTER_KEY_FILES; restart API and workers with the same
variables first. They may run meanwhile, and what is interrupted is carried on by the next run. Ends with 0 when every
secret is sealed with the new key, so that the old ones may be thrown away, and with 1 when one is not.

Step by step: docs/secrets.md.
`;

const OPTIONS = { help: { type: 'boolean', short: 'h' } } as const;

/** Returns the exit code: 0, 1 where a secret is left under another key, or 2 for words that make no sense. */
export async function rewrapCommand(args: readonly string[], { print, complain }: Writers): Promise<number> {
  try {
    if (parseArgs({ args: [...args], options: OPTIONS }).values.help) {
      print(REWRAP_USAGE);
      return 0;
    }
  } catch (error) {
    complain(`windlass secrets rewrap: ${(error as Error).message}\n\n${REWRAP_USAGE}`);
    return 2;
  }
  try {
    const config = readConfig(process.env);
    return report(await rewrapSecrets(config, createLogger('windlass', 'silent')), { print, complain });
  } catch (error) {
    complain(describeStartFailure(error).trimEnd());
    return 1;
  }
}

function report(
  { masterKey, moved, unopened, byMasterKey }: Rewrapped,
  { print, complain }: Writers,
): number {
  for (const [column, values] of moved) print(`${column}: ${values} sealed anew`);
  for (const { column, rowId, why } of unopened) complain(`${column} of ${rowId} stays as it is. ${why}`);
  const others = [...byMasterKey].filter(([key]) => key !== masterKey);
  for (const [key, values] of others) {
    complain(`${values} under master key ${key}: give it as an old key, or restart who still seals with it.`);
  }
  const left = others.reduce((sum, [, values]) => sum + values, 0);
  print(`${byMasterKey.get(masterKey) ?? 0} under master key ${masterKey}, ${left} under others`);
  return left === 0 ? 0 : 1;
}
