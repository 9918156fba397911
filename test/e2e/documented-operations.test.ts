import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  freePort,
  repositoryRoot,
  runbookCommands,
  startOtlpReceiver,
  startTestPostgres,
  type TestPostgres,
  TypedShell,
} from '#kit';
import { startDebianPostgres } from '../kit/debian-postgres.js';

/** What pages show for whoever runs the programs, and their database. */

const READY = /the (API|worker) is ready/;
let postgres: TestPostgres;
let shell: TypedShell;

beforeAll(async () => {
  postgres = await startTestPostgres();
});

beforeEach(async () => {
  shell = TypedShell.open();
  Object.assign(shell.env, { DATABASE_URL: postgres.url, PORT: String(await freePort()) });
  shell.before = [`cd '${repositoryRoot()}'`];
});

afterEach(() => shell.close());
afterAll(() => postgres?.close());

describe('README.md', () => {
  it('makes a master key, and starts an API and a worker with it', async () => {
    shell.env.WINDLASS_DATA_DIR = shell.folder;
    const [makeKey = '', ...programs] = runbookCommands('README.md', 'Use it').flat();
    await shell.type(makeKey);
    expect(existsSync(`${shell.folder}/master.key`)).toBe(true);
    expect(programs).toHaveLength(2);
    for (const program of programs) await shell.typeUntil(program, READY);
  });
});

describe('docs/operations/observability.md', () => {
  it('starts an API that sends traces', async () => {
    const receiver = await startOtlpReceiver();
    shell.env.WINDLASS_MASTER_KEY = randomBytes(32).toString('base64');
    shell.stands['http://collector:4318'] = receiver.url;
    const [program = ''] = runbookCommands('docs/operations/observability.md', 'Traces').flat();
    await shell.typeUntil(program, READY);
    await receiver.stop();
  });
});

describe('docs/operations/backup.md', () => {
  it('dumps a database, and restores it into another one', async () => {
    const debian = await startDebianPostgres();
    const { hostname, port, username } = new URL(debian.url);
    Object.assign(shell.env, { PGHOST: hostname, PGPORT: port, PGUSER: username, DATABASE_URL: debian.url });
    shell.before = [];
    await shell.type(`psql "$DATABASE_URL" -c "CREATE TABLE kept AS SELECT 'a fleet' AS name"`);
    await shell.type(runbookCommands('docs/operations/backup.md', 'What to keep').flat());
    shell.env.DATABASE_URL = debian.url.replace(/[^/]+$/, 'windlass');
    await shell.type(runbookCommands('docs/operations/backup.md', 'Restoring').flat());
    const stdout = await shell.type('psql "$DATABASE_URL" -c "SELECT name FROM kept"');
    expect(stdout).toContain('a fleet');
    await debian.close();
  });
});
