import type { ApiClient } from '#api-client';
import type { Screen } from '../command-line/desk.js';
import { patientRead } from './patient-read.js';
import { readRotation } from './read-rotation.js';
import { exitCodeOf, type Rotation, rotationTree } from './rotation-tree.js';
import { painter } from './state-colours.js';

/** How often a person sees the hosts move, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/**
 * Follows a rotation and returns the exit code. To a person it shows the tree until the rotation has ended; to a program
 * it prints a line for each change of state, until the rotation has ended or waits for a person.
 */
export async function watch(client: ApiClient, rotationId: string, screen: Screen): Promise<number> {
  return screen.live ? watchTree(client, rotationId, screen) : watchLines(client, rotationId, screen);
}

async function watchTree(client: ApiClient, rotationId: string, screen: Screen): Promise<number> {
  await screen.open();
  let tree = '';
  for (;;) {
    const read = () => readRotation(client, rotationId);
    const [rotation] = await patientRead(screen, read, (what) => screen.redraw(`${tree}\n\n${what}`));
    tree = rotationTree(rotation, screen.now(), painter(screen));
    if (rotation.endedAt !== null) {
      screen.clear();
      screen.print(tree);
      return exitCodeOf(rotation);
    }
    screen.redraw(tree);
    await screen.sleep(LOOK_EVERY_MS);
  }
}

async function watchLines(client: ApiClient, rotationId: string, screen: Screen): Promise<number> {
  let known = '';
  for (;;) {
    const header = known === '' ? {} : { header: { 'If-None-Match': known } };
    const params = { path: { rotationId }, query: { wait: '30s' }, ...header };
    const read = () => client.GET('/v1/rotations/{rotationId}', { params });
    const { data, response } = await patientRead(screen, read, (what) => screen.print(what));
    if (response.status === 304 || data === undefined) continue;
    known = response.headers.get('etag') ?? '';
    screen.print(`${data.updatedAt} ${data.status} ${data.phase}: ${data.explanation.replaceAll('\n', ' ')}`);
    if (data.endedAt !== null || waitsForPerson(data)) return exitCodeOf(data) || (data.endedAt ? 0 : 3);
  }
}

function waitsForPerson({ status, approval }: Rotation): boolean {
  return status === 'blocked' || status === 'paused' || approval?.awaited === true;
}
