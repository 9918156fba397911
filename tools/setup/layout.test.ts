import { existsSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
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

describe('the workflow of CI', () => {
  it('runs what a contributor runs, and what the package brings', () => {
    const { jobs } = load(readFileSync('.github/workflows/ci.yml', 'utf8')) as {
      jobs: Record<string, { steps: { run?: string }[] }>;
    };
    const commands = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(commands).toContain('bash .ci/run');
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const command of commands) {
      const [, script] = /^npm run (?:--\S+ )*(\S+)/.exec(command) ?? [];
      if (script) expect(Object.keys(scripts)).toContain(script);
    }
  });
});

describe('the licence', () => {
  it('is the whole of Apache-2.0', () => {
    const text = readFileSync('LICENSE', 'utf8');
    for (const section of [
      '1. Definitions.',
      '9. Accepting Warranty',
      'END OF TERMS AND CONDITIONS',
      'APPENDIX:',
    ]) {
      expect(text).toContain(section);
    }
    expect(JSON.parse(readFileSync('package.json', 'utf8')).license).toBe('Apache-2.0');
  });
});
