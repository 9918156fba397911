import { existsSync, readFileSync } from 'node:fs';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { readConfig } from '#platform';

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly command?: string[]; readonly environment?: Record<string, string> }>
  >;
}

const TOP_LEVEL = [
  'package.json',
  'apps',
  'libs',
  'migrations',
  'docker-compose.yml',
  'test',
  'nest-cli.json',
  'tsconfig.json',
];

describe('the repository', () => {
  it.each(TOP_LEVEL)('has %s at its top', (entry) => {
    expect(existsSync(entry)).toBe(true);
  });
});

describe('docker-compose.yml', () => {
  const { services } = load(readFileSync('docker-compose.yml', 'utf8'), { schema: YAML11_SCHEMA }) as Compose;

  it('runs API, worker, PostgreSQL, Redis and Vault', () => {
    expect(Object.keys(services)).toEqual(['api', 'worker', 'postgres', 'redis', 'vault']);
  });

  it.each(['api', 'worker'])('starts %s from a source file that is there', (name) => {
    const program = services[name]?.command?.at(-1) ?? '';
    expect(existsSync(program.replace(/^dist\//, '').replace(/\.js$/, '.ts'))).toBe(true);
  });

  it.each(['api', 'worker'])('gives %s an environment that it reads', (name) => {
    const given = services[name]?.environment ?? {};
    const filled = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [
        key,
        value.replace(/\$\{[^}]*\}/g, 'A'.repeat(43).concat('=')),
      ]),
    );
    const config = readConfig(filled, '/');
    expect(config.databaseUrl).not.toBeNull();
    expect(config.redisUrl).not.toBeNull();
    expect(config.masterKey).not.toBeNull();
    for (const variable of Object.keys(given)) {
      expect(readFileSync('libs/platform/src/config.ts', 'utf8')).toContain(`${variable}:`);
    }
  });
});
