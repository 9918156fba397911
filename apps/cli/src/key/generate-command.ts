import { parseArgs } from 'node:util';
import { PortError } from '#engine';
import { describeStartFailure, generateMasterKey, readConfig } from '#platform';
import type { Writers } from '../print-command.js';

const GENERATE_USAGE = `windlass key generate [--file FILE]

Makes the master key of a new installation, which opens every secret that it stores, in a file that only this user may
read. Keep a copy elsewhere: without it every host key and token has to be entered again. A file that is there already
stays as it is.

  --file FILE   WINDLASS_MASTER_KEY_FILE by default, or master.key in WINDLASS_DATA_DIR
`;

export const GENERATE_OPTIONS = { file: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** Returns the exit code: 0, 1 where no key was made, or 2 for words that make no sense. */
export async function generateCommand(
  args: readonly string[],
  { print, complain }: Writers,
): Promise<number> {
  let given: { file?: string; help?: boolean };
  try {
    given = parseArgs({ args: [...args], options: GENERATE_OPTIONS }).values;
  } catch (error) {
    complain(`windlass key generate: ${(error as Error).message}\n\n${GENERATE_USAGE}`);
    return 2;
  }
  if (given.help) {
    print(GENERATE_USAGE);
    return 0;
  }
  try {
    const file = given.file ?? readConfig(process.env).masterKeyFile;
    if (!(await generateMasterKey(file))) throw thereAlready(file);
    print(`The master key is in ${file}. Keep a copy elsewhere.`);
    return 0;
  } catch (error) {
    complain(describeStartFailure(error).trimEnd());
    return 1;
  }
}

function thereAlready(file: string): PortError {
  return new PortError({
    code: 'secret.master-key-exists',
    message: `There is a file ${file} already, and it was left as it is.`,
    nextStep:
      'Start with it, or name another file with --file and give this one as an old key: docs/secrets.md.',
  });
}
