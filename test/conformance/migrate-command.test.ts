import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MIGRATIONS } from '#migrations';
import { migrateCommand } from '../../apps/cli/src/migrate/migrate-command.js';
import { startTestPostgres, type TestPostgres } from '../kit/postgres.js';

let postgres: TestPostgres;
let folder: string;

/** Exit code, what was printed and what was complained of, with these variables and no other of ours. */
async function migrate(env: Record<string, string>, ...args: string[]) {
  for (const name of ['DATABASE_URL', 'DATABASE_URL_FILE']) vi.stubEnv(name, env[name]);
  const [printed, complained]: [string[], string[]] = [[], []];
  const writers = {
    print: (line: string) => printed.push(line),
    complain: (line: string) => complained.push(line),
  };
  return { code: await migrateCommand(args, writers), printed, complained: complained.join('\n') };
}

beforeEach(async () => {
  postgres = await startTestPostgres();
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-migrate-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  await postgres.close();
});

describe('windlass migrate', () => {
  it('brings a schema up to date, says by what, and then finds nothing to do', async () => {
    const file = path.join(folder, 'database-url');
    writeFileSync(file, `${postgres.url}\n`);
    const first = await migrate({ DATABASE_URL_FILE: file });
    expect(first).toMatchObject({ code: 0, complained: '' });
    expect(first.printed).toEqual([...MIGRATIONS.map(({ name }) => name), 'The schema is up to date.']);
    expect(await migrate({ DATABASE_URL: postgres.url })).toMatchObject({
      ...{ code: 0, printed: ['The schema was up to date.'] },
    });
  });

  it('names the database that does not answer, never its password', async () => {
    const { code, complained } = await migrate({
      DATABASE_URL: 'postgresql://a:hunter2@127.0.0.1:9/windlass',
    });
    expect(code).toBe(1);
    expect(complained).toContain('127.0.0.1:9');
    expect(complained).toContain('Next: ');
    expect(complained).not.toContain('hunter2');
  });

  it('says what is missing where no database is named', async () => {
    const { code, complained } = await migrate({});
    expect([code, complained]).toEqual([1, expect.stringContaining('Neither DATABASE_URL nor')]);
  });

  it('explains itself, and refuses words that make no sense', async () => {
    expect(await migrate({}, '--help')).toMatchObject({
      code: 0,
      printed: [expect.stringContaining('DATABASE_URL')],
    });
    expect(await migrate({}, '--down')).toMatchObject({
      code: 2,
      complained: expect.stringContaining('--down'),
    });
  });
});
