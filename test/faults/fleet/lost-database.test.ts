import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PortError } from '#engine';
import { runs } from '#kit';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform';
import { type CommitFault, type CommitWire, startCommitWire } from '../../kit/commit-wire.js';
import { FaultyFleet } from './faulty-fleet.js';
import { eventName } from './worker-orders.js';

const SILENT = { info: () => undefined, warn: () => undefined };

let folder: string;
let postgres: EmbeddedPostgres;
let wire: CommitWire;
let fleet: FaultyFleet;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-f09-fleet-'));
  // PostgreSQL's own user must pass through.
  chmodSync(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: folder, log: SILENT });
  wire = await startCommitWire(postgres.url);
  fleet = await FaultyFleet.open({ hosts: 2, databaseUrl: postgres.url });
});

afterEach(() => fleet.endWorkers());

afterAll(async () => {
  await fleet?.stop();
  await wire?.close();
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** SIGQUIT is the "immediate" shutdown: every session is cut in the middle, and the next start recovers. */
async function crash(): Promise<void> {
  const [line = ''] = readFileSync(join(folder, 'cluster', 'data', 'postmaster.pid'), 'utf8').split('\n');
  const pid = Number(line);
  process.kill(pid, 'SIGQUIT');
  await expect.poll(() => runs(pid), { timeout: 30_000 }).toBe(false);
}

/** Until the database answers again. */
async function isBack(rotationId: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
    try {
      await fleet.windlass.commands.read(rotationId);
      return;
    } catch (error) {
      if (!(error instanceof PortError && error.transient) || Date.now() > deadline) throw error;
    }
  }
}

/** How often that decision stands in the journal. */
async function timesDecided(rotationId: string, decision: string): Promise<number> {
  const names = (await fleet.events(rotationId)).map((event) => eventName(event, {}));
  return names.filter((name) => name === decision).length;
}

describe('the connection is lost at COMMIT of a decision', () => {
  it.each<[string, string, CommitFault]>([
    ['F09: go is written, and nobody is told so', 'decision.made go expand 0', 'answer-lost'],
    ['F09: keep is written, and nobody is told so', 'decision.made keep expand', 'answer-lost'],
    ['F09: keep is written later than it is asked for again', 'decision.made keep expand', 'late'],
    ['F09: contract is not written', 'decision.made contract', 'never-sent'],
  ])('%s', async (_name, decision, fault) => {
    const broken = wire.broken;
    const id = await fleet.rotate();
    const worker = await fleet.worker(`before ${decision}`, 'SIGSTOP', wire.url);
    await worker.stopped();
    wire.breakNextCommit(fault);
    worker.wake();
    await fleet.expectAllNew(id);
    expect(wire.broken).toBe(broken + 1);
    expect(await timesDecided(id, decision)).toBe(1);
  });
});

describe('PostgreSQL crashes and comes back', () => {
  it.each([
    ['F09: behind go', 'decision.made go expand 1'],
    ['F09: behind keep', 'decision.made keep expand'],
  ])('%s', async (_name, decision) => {
    const id = await fleet.rotate();
    await fleet.strikeAt(`after ${decision}`, crash);
    await isBack(id);
    await fleet.expectAllNew(id);
    expect(await timesDecided(id, decision)).toBe(1);
  });
});
