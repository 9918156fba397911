import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PortError } from '#engine';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform';
import type { RotationState } from '#rotation';
import type { RigProcess } from './process.js';
import { Rig } from './rig.js';

const SILENT = { info: () => undefined, warn: () => undefined };

let folder: string;
let postgres: EmbeddedPostgres;
let rig: Rig;
let worker: RigProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-f09-'));
  // PostgreSQL's own user must pass through.
  chmodSync(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: folder, log: SILENT });
  rig = await Rig.open({ databaseUrl: postgres.url });
  worker = await rig.process('worker');
});

afterAll(async () => {
  await rig?.stop();
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** SIGQUIT is the "immediate" shutdown: every session is cut in the middle, and the next start recovers. */
function crash(): void {
  const [pid = ''] = readFileSync(join(folder, 'cluster', 'data', 'postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGQUIT');
}

/** The end of the rotation, however often the database is away meanwhile. */
async function ended(id: string): Promise<RotationState> {
  for (const deadline = Date.now() + 150_000; ; await sleep(100)) {
    try {
      return await rig.ended(worker, id);
    } catch (error) {
      if (!(error instanceof PortError && error.transient) || Date.now() > deadline) throw error;
    }
  }
}

it('F09: PostgreSQL crashes right after go and keep: the rotation goes on, every event is there once', async () => {
  const fleetId = await rig.record(worker);
  const crashes: string[] = [];
  worker.onWritten((event) => {
    if (event.type !== 'decision.made') return;
    const { kind } = event.decision;
    if (crashes.includes(kind) || !['go', 'keep'].includes(kind)) return;
    crashes.push(kind);
    crash();
  });
  await worker.work();
  const state = await ended(await rig.rotate(worker, fleetId));
  expect(state.ended?.status).toBe('succeeded');
  expect(crashes).toEqual(['go', 'keep']);
  expect(await rig.audit(worker, state.snapshot.rotationId)).toEqual([]);
  expect(rig.hosts.map(({ reloads }) => reloads)).toEqual([2, 2, 2]);
});
