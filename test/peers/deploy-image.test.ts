import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkov, hadolint } from '#kit';
import { CONFIG_VARIABLES } from '#platform';

const FILES = ['Dockerfile', 'deploy/try/Dockerfile'];

/** Instructions with their continued lines in one, without comments. */
function instructionsOf(file: string): readonly (readonly [word: string, rest: string])[] {
  const text = readFileSync(file, 'utf8')
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '');
  return text.split('\n').flatMap((line) => {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    return word === '' ? [] : [[word, rest] as const];
  });
}

const all = (file: string, wanted: string): readonly string[] =>
  instructionsOf(file).flatMap(([word, rest]) => (word === wanted ? [rest] : []));

/** Everything after the last FROM. */
const last = (file: string) => {
  const instructions = instructionsOf(file);
  return instructions.slice(instructions.findLastIndex(([word]) => word === 'FROM'));
};

describe.each(FILES)('%s', (file) => {
  it('gets no word from hadolint', async () => {
    expect(await hadolint([file])).toMatchObject({ code: 0, stdout: '' });
  });

  it('copies what is there', () => {
    const sources = all(file, 'COPY').flatMap((rest) =>
      rest.startsWith('--from=') ? [] : rest.split(' ').slice(0, -1),
    );
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources)
      expect(existsSync(path.join(path.dirname(file), source)), source).toBe(true);
  });

  it('says whether it is healthy', () => {
    expect(all(file, 'HEALTHCHECK')).toHaveLength(1);
  });
});

describe('the image', () => {
  it('breaks no rule of Checkov', async () => {
    const { stdout } = await checkov(['--framework', 'dockerfile', '--output', 'json', '-f', 'Dockerfile']);
    const { results, summary } = JSON.parse(stdout);
    expect(summary.passed).toBeGreaterThan(20);
    expect(results.failed_checks.map((one: { check_id: string }) => one.check_id)).toEqual([]);
  });

  it('runs without root, by a number', () => {
    expect(last('Dockerfile').filter(([word]) => word === 'USER')).toEqual([['USER', '10001:10001']]);
  });

  it('is of the Node that our engines allow', () => {
    const [, major = ''] = /^node:(\d+)-\S+-slim AS base$/.exec(all('Dockerfile', 'FROM')[0] ?? '') ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(22);
    // An even one: no other gets long-term support.
    expect(Number(major) % 2).toBe(0);
  });

  it('has what npm packs, and what that needs to run, and nothing of the build', () => {
    const copies = last('Dockerfile').flatMap(([word, rest]) => (word === 'COPY' ? [rest] : []));
    expect(copies).toEqual([
      '--from=dependencies /windlass/node_modules ./node_modules',
      '--from=build /windlass ./',
    ]);
    expect(all('Dockerfile', 'RUN')).toContain('npm ci --omit=dev --omit=optional');
  });

  it('has the command on its PATH, which npm would make executable and tar does not', () => {
    const program = `/windlass/${JSON.parse(readFileSync('package.json', 'utf8')).bin.windlass.slice(2)}`;
    const runs = all('Dockerfile', 'RUN').join('\n');
    expect(runs).toContain(`chmod 0755 ${program}`);
    expect(runs).toContain(`ln -s ${program} /usr/local/bin/windlass`);
  });

  it('sets variables that our configuration reads, and starts a program whose source is there', () => {
    const names = all('Dockerfile', 'ENV').flatMap((rest) =>
      [...rest.matchAll(/([A-Z_]+)=/g)].map((one) => one[1]),
    );
    expect(names).toEqual(['NODE_ENV', 'HOST', 'PORT']);
    expect(CONFIG_VARIABLES).toEqual(expect.arrayContaining(['HOST', 'PORT']));
    const program = JSON.parse(all('Dockerfile', 'CMD')[0] ?? '[]').at(-1);
    expect(existsSync(program.replace(/^dist\//, '').replace(/\.js$/, '.ts'))).toBe(true);
  });

  it('is built from nothing that a clone does not have', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').trim().split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.windlass', 'dist', 'node_modules']));
    expect(readdirSync('.')).toEqual(expect.arrayContaining(['package-lock.json', '.npmrc']));
  });
});
