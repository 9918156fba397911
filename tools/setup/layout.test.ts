import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

const FOLDERS = ['apps', 'deploy', 'libs', 'policy', 'test', 'tools'];

describe('dependabot', () => {
  const { updates } = load(readFileSync('.github/dependabot.yml', 'utf8')) as {
    updates: { 'package-ecosystem': string; directory?: string; directories?: string[] }[];
  };
  const foldersOf = (ecosystem: string) =>
    updates
      .filter((one) => one['package-ecosystem'] === ecosystem)
      .flatMap(({ directory, directories = [] }) => [...directories, ...(directory ? [directory] : [])]);
  const foldersWith = (file: string) =>
    ['.', ...FOLDERS]
      .flatMap((folder) =>
        readdirSync(folder, { recursive: folder !== '.', encoding: 'utf8' }).map((name) =>
          path.join(folder, name),
        ),
      )
      .filter((name) => path.basename(name) === file)
      .map((name) => path.join('/', path.dirname(name)))
      .toSorted();

  it.each([
    ['npm', 'package.json'],
    ['gomod', 'go.mod'],
    ['pip', 'requirements.txt'],
    ['docker', 'Dockerfile'],
  ])('looks at every place of %s that has a %s', (ecosystem, file) => {
    expect(foldersWith(file)).not.toEqual([]);
    expect(foldersOf(ecosystem)).toEqual(expect.arrayContaining(foldersWith(file)));
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
