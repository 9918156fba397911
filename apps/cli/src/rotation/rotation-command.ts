import { parseArgs } from 'node:util';
import type { ApiClient } from '#api-client';
import type { Writers } from '../print-command.js';
import { fleetCalled } from './fleets.js';
import { LISTS, type Listing } from './lists.js';
import { exitCodeOf, type Rotation, rotationTree } from './rotation-tree.js';
import { clientFor, describeFailure, given, SERVER_HELP, SERVER_OPTIONS } from './server.js';
import { type OutputFormat, outputFormat, show } from './show.js';
import { tell } from './verbs.js';
import { readRotation, type Screen, watch } from './watch.js';
import { isVerb, VERBS } from './words.js';

const USAGE = `windlass fleets                  lists the fleets
windlass hosts FLEET             lists its hosts
windlass drift FLEET             asks every host whether it is as recorded; 1 where one is not
windlass rotations [FLEET]       lists the rotations, newest first
windlass rotate FLEET            starts a rotation; FLEET is a name or an id
windlass get ROTATION            shows a rotation as a tree of waves and hosts
windlass explain ROTATION        says what it does, why, on which host, and what to do next
${Object.entries(VERBS)
  .map(([verb, { says }]) => `windlass ${`${verb} ROTATION`.padEnd(24)}${says}`)
  .join('\n')}

  --strategy WORD       rotate: overlap (default), refresh, sync or rehearse
  --reason TEXT         rotate, pause, abort, override: why; it is on record
  --digest HEX          approve: of the change that was shown
  --watch               rotate, get: until it has ended; in a pipe also until it waits for a person
${SERVER_HELP}

Exit codes: 0 it goes on or succeeded, 1 an error, or it did not begin, 2 reverted, 3 it waits for a person.

  windlass rotate edge --reason "the CA ends in May" --watch
  windlass get 0193a1c0-7b3e-7000-8000-00000000c0de -o json
`;

const OPTIONS = {
  ...SERVER_OPTIONS,
  strategy: { type: 'string', default: 'overlap' },
  reason: { type: 'string' },
  digest: { type: 'string' },
  watch: { type: 'boolean', short: 'w', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** Returns the exit code. */
export async function rotationCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { print, complain }: Writers,
  screen: Screen,
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const desk = { screen, format: outputFormat(values.output) };
    return await run(clientFor(values, env), positionals, values, desk);
  } catch (error) {
    complain(`windlass ${args[0] ?? ''}: ${describeFailure(error)}`);
    return 1;
  }
}

interface Desk {
  readonly screen: Screen;
  readonly format: OutputFormat;
}

async function run(
  client: ApiClient,
  [command = '', word, ...more]: readonly string[],
  values: Values,
  desk: Desk,
): Promise<number> {
  if (more.length > 0) throw new RangeError(`one word too many: "${more[0]}"`);
  const list = LISTS[command];
  if (list) return listed(await list(client, word, desk.screen.now()), desk);
  if (word === undefined)
    throw new RangeError(`${command} needs ${command === 'rotate' ? 'a fleet' : 'the id of a rotation'}`);
  if (command === 'rotate') return rotate(client, word, values, desk);
  if (isVerb(command)) return shown(await tell(client, command, { rotationId: word, ...values }), desk);
  if (command === 'get' && values.watch) return watch(client, word, desk.screen);
  const [rotation] = await readRotation(client, word);
  if (command === 'get') return shown(rotation, desk);
  const { explanation } = rotation;
  desk.screen.print(show({ explanation }, desk.format, () => explanation));
  return exitCodeOf(rotation);
}

function shown(rotation: Rotation, { screen, format }: Desk): number {
  screen.print(show(rotation, format, (one) => rotationTree(one, screen.now())));
  return exitCodeOf(rotation);
}

function listed({ value, table, exitCode }: Listing, { screen, format }: Desk): number {
  screen.print(show(value, format, () => table));
  return exitCode;
}

async function rotate(client: ApiClient, fleet: string, values: Values, desk: Desk): Promise<number> {
  const { id: fleetId } = await fleetCalled(client, fleet);
  const { reason, strategy } = values;
  const { data } = await client.POST('/v1/rotations', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { fleetId, strategy: strategy as 'overlap', ...(reason ? { reason } : {}) },
  });
  const rotation = given(data);
  if (!('id' in rotation)) throw new Error('the API gave a plan instead of a rotation');
  return values.watch ? watch(client, rotation.id, desk.screen) : shown(rotation, desk);
}
