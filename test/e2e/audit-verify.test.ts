import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlayedWorker } from './played-worker.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-audit-'));
  api = await runApi();
  const fleetId = await recordFleet(api, 1, { soakSeconds: 0, contractWhen: 'soaked' });
  const rotation = await requestRotation(api, fleetId);
  await new PlayedWorker(api.installation, rotation).play(() => false);
});

afterAll(async () => {
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function windlass(args: readonly string[], databaseUrl = ''): Promise<Ran> {
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: databaseUrl };
  return new Promise((resolve) => {
    const words = ['dist/apps/cli/src/main.js', 'audit', 'verify', ...args];
    execFile(process.execPath, words, { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const head = async () => {
  const { count, hash } = (await api.call('GET', '/v1/audit/head')).body;
  return `${count}:${hash}`;
};

async function exported(change: (lines: string[]) => string[] = (lines) => lines): Promise<string> {
  const { text } = await api.call('GET', '/v1/audit/export');
  const file = path.join(folder, 'audit.jsonl');
  writeFileSync(file, `${change(text.trimEnd().split('\n')).join('\n')}\n`);
  return file;
}

/** As a superuser who knows that there are triggers; what `work` finds is as before afterwards. */
async function tampered<T>(statement: string, work: () => Promise<T>): Promise<T> {
  const copy = new pg.Client(api.databaseUrl);
  await copy.connect();
  await copy.query('CREATE TABLE kept AS SELECT * FROM audit_entries');
  const superuser = async (sql: string) =>
    copy.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`);
  try {
    await superuser(statement);
    return await work();
  } finally {
    await superuser(
      'DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept; DROP TABLE kept',
    );
    await copy.end();
  }
}

describe('windlass audit verify', () => {
  it('says of a database that its log is as it was written, and where it ends', async () => {
    const { code, out, err } = await windlass([], api.databaseUrl);
    expect(err).toBe('');
    expect(out).toMatch(/^\d+ entries, as they were written, and so is 1 journal\n\d+:[0-9a-f]{64}\n$/);
    expect(out.trimEnd().split('\n').at(-1)).toBe(await head());
    expect(code).toBe(0);
    expect(await windlass(['--expect', await head()], api.databaseUrl)).toMatchObject({ code: 0 });
  });

  it.each([
    ['changed', `UPDATE audit_entries SET actor = 'api-key:other' WHERE number = 2`, 'entry 2 was changed'],
    ['deleted', 'DELETE FROM audit_entries WHERE number = 2', 'entry 2 is missing'],
    ['cut off', 'DELETE FROM audit_entries WHERE number > 2', 'its tail was cut off'],
  ])('finds an entry that was %s', async (_, statement, says) => {
    const { code, err } = await tampered(statement, () => windlass([], api.databaseUrl));
    expect(err).toContain(says);
    expect(code).toBe(2);
  });

  it('takes an export, and finds the same in one', async () => {
    expect(await windlass([await exported()])).toMatchObject({ code: 0, err: '' });
    const swapped = await windlass([
      await exported(([one, two, ...more]) => [two, one, ...more] as string[]),
    ]);
    expect(swapped).toMatchObject({ code: 2, err: expect.stringContaining('entry 1 is missing') });
    const cut = await exported((lines) => lines.slice(0, -1));
    expect(await windlass([cut])).toMatchObject({ code: 0 });
    const found = await windlass([cut, '--expect', await head()]);
    expect(found).toMatchObject({ code: 2, err: expect.stringContaining('its tail was cut off') });
  });

  it.each<[string, string[], string, string]>([
    ['neither a file nor a database', [], '', 'DATABASE_URL is not set'],
    ['a file that is not there', ['/nowhere'], '', 'ENOENT'],
    ['a file of something else', ['package.json'], '', 'line 1 is no entry of an audit log: it is no JSON'],
    ['a database that is away', [], 'postgresql://u:planted@127.0.0.1:1/orders', 'orders at 127.0.0.1:1'],
    ['an anchor that is none', ['--expect', '7'], '', '--expect must be a count and a hash'],
  ])('says what is wrong with %s', async (_, args, url, says) => {
    const { code, err } = await windlass(args, url);
    expect(err).toContain(says);
    expect(err).not.toMatch(/planted|^\s+at /m);
    expect(code).toBe(1);
  });

  it('has help', async () => {
    expect((await windlass(['--help'])).out).toContain('--expect COUNT:HASH');
  });
});
