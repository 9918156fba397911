import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Mutation {
  readonly name: string;
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[];
  readonly test: readonly string[];
  readonly expect: RegExp;
}

// Plain JavaScript, imported by address to keep it out of the build.
const { MUTATIONS }: { MUTATIONS: readonly Mutation[] } = await import(
  new URL('./mutations.mjs', import.meta.url).href
);

const textOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

describe('mistakes that a test must find', () => {
  it.each(MUTATIONS.map((mutation) => ({ ...mutation })))('$name: fits to the code as it is', ({ edits }) => {
    for (const { file, from, to } of edits) {
      expect(textOf(file).split(from), `${file}: ${from}`).toHaveLength(2);
      expect(to).not.toBe(from);
    }
  });

  it('have a name each, and a file of tests that exists', () => {
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
    for (const { test } of MUTATIONS) {
      const file = test.find((argument) => argument.endsWith('.test.ts'));
      expect(textOf(file ?? '')).toContain('describe');
    }
  });
});
