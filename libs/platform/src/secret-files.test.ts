import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PortError } from '#engine';
import { readConfig } from './config.js';

const URL_TEXT = 'postgresql://user:pw@db.example:5433/windlass';
const ADMIN_KEY = 'wl_0123456789012345678901234567890123456789';
let folder: string;

const fileWith = (name: string, content: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'windlass-secret-files-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env, folder);
  } catch (error) {
    if (error instanceof PortError) return error.problem.message;
  }
  return '';
}

describe('a value in a file', () => {
  it('is read as if it stood in the environment, without the line end of the file', () => {
    fileWith('redis', 'rediss://cache.example:6380/2');
    const config = readConfig(
      {
        DATABASE_URL_FILE: fileWith('database', `${URL_TEXT}\n`),
        REDIS_URL_FILE: 'redis',
        WINDLASS_ADMIN_KEY_FILE: fileWith('admin', `${ADMIN_KEY}\r\n`),
      },
      folder,
    );
    expect(config.databaseUrl?.reveal()).toBe(URL_TEXT);
    expect(config.redisUrl?.reveal()).toBe('rediss://cache.example:6380/2');
    expect(config.adminKey?.reveal()).toBe(ADMIN_KEY);
  });

  it('is held to the same rules, and told of by name alone', () => {
    const faults = faultsOf({ DATABASE_URL_FILE: fileWith('bad', 'mysql://root:hunter2@db/x') });
    expect(faults).toContain('DATABASE_URL must be postgresql://');
    expect(faults).not.toContain('hunter2');
  });

  it('is refused beside the value itself, and where the file is empty or away, all at once with the rest', () => {
    const faults = faultsOf({
      DATABASE_URL: URL_TEXT,
      DATABASE_URL_FILE: fileWith('database', URL_TEXT),
      REDIS_URL_FILE: fileWith('empty', ' \n'),
      WINDLASS_ADMIN_KEY_FILE: path.join(folder, 'nowhere'),
      PORT: '70000',
    });
    expect(faults).toContain('DATABASE_URL_FILE and DATABASE_URL are both set');
    expect(faults).toContain('REDIS_URL_FILE names a file with nothing in it');
    expect(faults).toContain('WINDLASS_ADMIN_KEY_FILE must name a file that this process may read (ENOENT)');
    expect(faults).toContain('PORT must be');
    expect(faults).not.toContain('pw@');
  });

  it('is not needed where the variable of the file is empty', () => {
    expect(readConfig({ REDIS_URL_FILE: '' }, folder).redisUrl).toBeNull();
  });
});
