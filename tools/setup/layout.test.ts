import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const TOP_LEVEL = [
  'package.json',
  'apps',
  'libs',
  'migrations',
  'docker-compose.yml',
  'test',
  'nest-cli.json',
  'tsconfig.json',
  'Dockerfile',
  'LICENSE',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
];

describe('the repository', () => {
  it.each(TOP_LEVEL)('has %s at its top', (entry) => {
    expect(existsSync(entry)).toBe(true);
  });
});
