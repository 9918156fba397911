import type { ApiClient } from '#api-client';
import { exitCodeOf, type Rotation, rotationTree } from './rotation-tree.js';
import { given } from './server.js';

/** How often a person sees the hosts move, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

export interface Screen {
  /** Whether a person looks on, and what is written may be written over. */
  readonly live: boolean;
  /** Writes in place of what was written before, as much as there is room for. */
  redraw(text: string): void;
  /** Takes away what was drawn. */
  clear(): void;
  print(line: string): void;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/**
 * Follows a rotation and returns the exit code. To a person it shows the tree until the rotation has ended; to a program
 * it prints a line for each change of state, until the rotation has ended or waits for a person.
 */
export async function watch(client: ApiClient, rotationId: string, screen: Screen): Promise<number> {
  return screen.live ? watchTree(client, rotationId, screen) : watchLines(client, rotationId, screen);
}

/** With its ETag. */
export async function readRotation(client: ApiClient, rotationId: string): Promise<[Rotation, string]> {
  const { data, response } = await client.GET('/v1/rotations/{rotationId}', {
    params: { path: { rotationId } },
  });
  return [given(data), response.headers.get('etag') ?? '*'];
}

async function watchTree(client: ApiClient, rotationId: string, screen: Screen): Promise<number> {
  for (;;) {
    const [rotation] = await readRotation(client, rotationId);
    const tree = rotationTree(rotation, screen.now());
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
    const { data, response } = await client.GET('/v1/rotations/{rotationId}', {
      params: {
        path: { rotationId },
        query: { wait: '30s' },
        ...(known === '' ? {} : { header: { 'If-None-Match': known } }),
      },
    });
    if (response.status === 304 || data === undefined) continue;
    known = response.headers.get('etag') ?? '';
    screen.print(`${data.updatedAt} ${data.status} ${data.phase}: ${data.explanation.replaceAll('\n', ' ')}`);
    if (data.endedAt !== null || waitsForPerson(data)) return exitCodeOf(data) || (data.endedAt ? 0 : 3);
  }
}

function waitsForPerson({ status, approval }: Rotation): boolean {
  return status === 'blocked' || status === 'paused' || approval?.awaited === true;
}
