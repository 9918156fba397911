import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const PAGE = 'docs/architecture.md';

/** One file that the tour names, and what it says is in there. */
interface Stop {
  readonly file: string;
  readonly names: readonly string[];
}

/** The second cell of a row: a link to a file, then names. */
const ROW = /^\|[^|\n]*\| \[[^\]]+\]\(([^)]+)\)([^|]*)\|/gm;
const stops: readonly Stop[] = [...readFileSync(PAGE, 'utf8').matchAll(ROW)].map(
  ([, target = '', names = '']) => stop(target, names),
);

function stop(target: string, names: string): Stop {
  const file = path.join(path.dirname(PAGE), target);
  return { file, names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name) };
}

/** Not merely named: made there. In sh, in TypeScript, as a method. */
function isMadeIn(text: string, name: string): boolean {
  const word = `(?:function|class|const|interface|type) ${name}\\b`;
  const method = `^ +(?:(?:private|protected|override|async|static|abstract) )*${name}(?:<[^>]*>)?\\(`;
  return new RegExp(`${word}|${method}|^${name}\\(\\)`, 'm').test(text);
}

describe('the tour through the files', () => {
  it('leads from a request to the console, and says where something new goes', () => {
    expect(stops.length).toBeGreaterThan(40);
    expect(stops.at(0)?.names).toEqual(['startRotation']);
  });

  it.each(stops)('finds $names in $file', ({ file, names }) => {
    expect(existsSync(file), `${PAGE} names ${file}, which is not there`).toBe(true);
    const text = readFileSync(file, 'utf8');
    const missing = names.filter((name) => !isMadeIn(text, name));
    expect(missing, `${file} does not have what ${PAGE} says`).toEqual([]);
  });

  it.each([
    ['export function plan(', 'plan', true],
    ['  private async plan(', 'plan', true],
    ['step_stage() {', 'step_stage', true],
    ['const made = plan(state)', 'plan', false],
    ['export function planned(', 'plan', false],
  ])('takes %j for %s: %s', (text, name, made) => {
    expect(isMadeIn(text, name)).toBe(made);
  });
});
