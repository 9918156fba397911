import { parseArgs } from 'node:util';
import { outputFormat } from '../server/output-format.js';
import { clientFor, describeFailure } from '../server/server.js';
import { show } from '../server/show.js';
import { type Answer, type Call, SERVER_OPTIONS } from './call.js';
import type { Command } from './command.js';
import type { Desk } from './desk.js';
import { callOf, helpOf } from './help.js';
import type { Options } from './option.js';

const FOOTER = `The API key comes from WINDLASS_API_KEY, from the file that WINDLASS_API_KEY_FILE names, or from the configuration
file: never from the command line, which everybody on the machine can read. More: docs/cli.md.`;

/** Reads the words, and answers. Returns the exit code; what goes wrong is told with the next step, and is a 1. */
export async function runApiCommand<O extends Options>(
  command: Command,
  options: O,
  load: () => Promise<Answer<O>>,
  args: readonly string[],
  desk: Desk,
): Promise<number> {
  try {
    const parsed = parseArgs({
      ...{ args: [...args], options: { ...options, ...SERVER_OPTIONS }, allowPositionals: true },
    });
    const values = parsed.values as Call<O>['values'];
    if (values.help) {
      desk.print(helpOf(command, options, SERVER_OPTIONS, FOOTER));
      return 0;
    }
    const operands = operandsIn(parsed.positionals, command);
    const format = outputFormat(values.output);
    const answer = await load();
    return await answer({
      ...{ values, operands, desk, client: await clientFor(values, desk.env) },
      show: (value, table) => desk.print(show(value, format, table)),
    });
  } catch (error) {
    desk.complain(`windlass ${command.words}: ${describeFailure(error)}`);
    return 1;
  }
}

function operandsIn(given: readonly string[], command: Command): readonly string[] {
  const { operands } = command;
  const missing = operands[given.length];
  if (missing !== undefined && !missing.startsWith('[')) {
    throw new RangeError(`${missing} is missing: windlass ${callOf(command)}`);
  }
  const stray = given[operands.length];
  if (stray !== undefined) throw new RangeError(`one word too many: "${stray}": windlass ${callOf(command)}`);
  return given;
}
