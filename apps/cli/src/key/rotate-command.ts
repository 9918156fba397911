import { parseArgs } from 'node:util';
import { rotateMasterKey } from '#installation';
import { createLogger, describeStartFailure, readConfig } from '#platform';
import type { Writers } from '../print-command.js';

const ROTATE_USAGE = `windlass key rotate

Makes another master key, for an installation whose master keys Vault's transit wraps (WINDLASS_TRANSIT_KEY). Every
process learns of it, and half a minute later it is what seals; then move what is stored: windlass secrets rewrap.

A master key that you give yourself is replaced by another one that you give: docs/secrets.md.
`;

const OPTIONS = { help: { type: 'boolean', short: 'h' } } as const;

/** Returns the exit code: 0, 1 where no key was made, or 2 for words that make no sense. */
export async function rotateCommand(args: readonly string[], { print, complain }: Writers): Promise<number> {
  try {
    if (parseArgs({ args: [...args], options: OPTIONS }).values.help) {
      print(ROTATE_USAGE);
      return 0;
    }
  } catch (error) {
    complain(`windlass key rotate: ${(error as Error).message}\n\n${ROTATE_USAGE}`);
    return 2;
  }
  try {
    const id = await rotateMasterKey(readConfig(process.env), createLogger('windlass', 'silent'));
    print(`Master key ${id} seals in half a minute. Then: windlass secrets rewrap`);
    return 0;
  } catch (error) {
    complain(describeStartFailure(error).trimEnd());
    return 1;
  }
}
