import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** More than this nobody reads at once. */
const MOST_LINES = 300;
const FOLDERS = ['apps', 'libs', 'migrations', 'policy', 'deploy', 'test', 'tools'];
const WRITTEN_BY_HAND = /\.(ts|tsx|mjs|cjs|css|sh|go|py|rego|ya?ml|hcl|tpl|html)$/;
/** Made from docs/openapi.json. */
const MADE = ['libs/api-client/src/schema.ts'];
const REASON = /^(?:\/\/|#|\/\*\*?|\{\{-? ?\/\*) ?Long because \S+ \S+ \S+/;
/** The reason stands where a reader sees it first. */
const WHERE = 3;

const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
).filter((file) => WRITTEN_BY_HAND.test(file) && !MADE.includes(file) && !file.includes('node_modules'));

function fault(text: string): string | null {
  const lines = text.trimEnd().split('\n');
  if (lines.length <= MOST_LINES) return null;
  if (lines.slice(0, WHERE).some((line) => REASON.test(line))) return null;
  return `${lines.length} lines. Next: split it by what it is about, or begin it with "// Long because" and why it cannot be`;
}

describe('a file', () => {
  it(`has ${MOST_LINES} lines at most, or says at its top why not`, () => {
    const faults = files.flatMap((file) => {
      const found = fault(readFileSync(file, 'utf8'));
      return found === null ? [] : `${file} has ${found}`;
    });
    expect(files.length).toBeGreaterThan(1000);
    expect(faults).toEqual([]);
  });

  it.each([
    ['x\n'.repeat(300), null],
    ['x\n'.repeat(301), expect.stringContaining('301 lines')],
    [`// Long because it is one table\n${'x\n'.repeat(301)}`, null],
    [`// Long because\n${'x\n'.repeat(301)}`, expect.stringContaining('302 lines')],
    [`${'x\n'.repeat(301)}// Long because it is one table\n`, expect.stringContaining('302 lines')],
  ])('is judged so (%#)', (text, found) => {
    expect(fault(text)).toEqual(found);
  });
});
