import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const [, ...THREATS] = readFileSync('docs/threat-model.md', 'utf8').split(/^### /m);

/** The lines that each threat has, in this order. */
const LINES = ['Stops it', 'Where', 'Test', 'Left'] as const;

function line(threat: string, name: (typeof LINES)[number]): string {
  return new RegExp(`^- \\*\\*${name}\\*\\*: (.+)$`, 'm').exec(threat)?.[1] ?? '';
}

function filesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, file]) => file ?? []);
}

const named = THREATS.map((threat) => ({
  title: threat.split('\n', 1)[0] ?? '',
  said: LINES.map((name) => line(threat, name)),
  where: filesIn(line(threat, 'Where')),
  tests: filesIn(line(threat, 'Test')),
}));

describe('docs/threat-model.md', () => {
  it('has many threats', () => {
    expect(named.length).toBeGreaterThan(25);
  });

  describe.each(named)('$title', ({ said, where, tests }) => {
    it('says what stops it, where, by which test, and what is left', () => {
      expect(said.filter((text) => text === '')).toEqual([]);
    });

    it('names code that is there', () => {
      expect(where.length).toBeGreaterThan(0);
      expect(where.filter((file) => !existsSync(file))).toEqual([]);
    });

    it('names tests that are there', () => {
      expect(tests.length).toBeGreaterThan(0);
      expect(tests.filter((file) => !file.endsWith('.test.ts') || !existsSync(file))).toEqual([]);
    });
  });
});
