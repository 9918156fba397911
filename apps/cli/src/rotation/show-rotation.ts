import type { components } from '#api-client';
import type { Call } from '../command-line/call.js';
import { fleetCalled } from '../server/fleets.js';
import { columns } from '../server/show.js';
import type { GET_OPTIONS } from './options.js';
import { readRotation, rotationCalled } from './read-rotation.js';
import { exitCodeOf, lasted, type Rotation, rotationTree } from './rotation-tree.js';
import { painter } from './state-colours.js';
import { watch } from './watch.js';

type Summary = components['schemas']['RotationSummary'];
type NoOptions = Record<never, never>;

export async function getRotation(call: Call<typeof GET_OPTIONS>): Promise<number> {
  const { client, values, operands, desk } = call;
  const rotationId = await rotationCalled(client, operands[0] ?? '');
  if (values.watch) return watch(client, rotationId, desk.screen);
  const [rotation] = await readRotation(client, rotationId);
  return shown(call, rotation);
}

export async function explainRotation({ client, operands, show }: Call<NoOptions>): Promise<number> {
  const [rotation] = await readRotation(client, await rotationCalled(client, operands[0] ?? ''));
  const { explanation } = rotation;
  show({ explanation }, () => explanation);
  return exitCodeOf(rotation);
}

export async function listRotations({
  client,
  operands: [fleet],
  desk,
  show,
}: Call<NoOptions>): Promise<number> {
  const of = fleet === undefined ? {} : { fleetId: (await fleetCalled(client, fleet)).id };
  const { data } = await client.GET('/v1/rotations', { params: { query: { limit: 50, ...of } } });
  show(data?.items ?? [], (items) => rotationTable(items, desk.screen.now()));
  return 0;
}

/** As a tree; returns the exit code. */
export function shown({ desk, show }: Pick<Call<NoOptions>, 'desk' | 'show'>, rotation: Rotation): number {
  show(rotation, (one) => rotationTree(one, desk.screen.now(), painter(desk.screen)));
  return exitCodeOf(rotation);
}

function rotationTable(rotations: readonly Summary[], now: number): string {
  return columns([
    ['ID', 'STATUS', 'PHASE', 'BEGUN'],
    ...rotations.map(({ id, status, phase, createdAt }) => [
      ...[id, status, phase, `${lasted(createdAt, now)} ago`],
    ]),
  ]);
}
