import { describe, expect, it } from 'vitest';

interface Chunk {
  readonly file: string;
  readonly imports: readonly string[];
  readonly css: readonly string[];
}

// Plain JavaScript, as the gates are; imported by address to keep it out of the build.
const { firstLoadFiles }: { firstLoadFiles(manifest: Readonly<Record<string, Chunk>>): string[] } =
  await import(new URL('./first-load.mjs', import.meta.url).href);

const chunk = (file: string, imports: readonly string[] = [], css: readonly string[] = []) => ({
  ...{ file, imports, css },
  dynamicImports: ['src/other-page.tsx'],
});
const entry = { 'index.html': chunk('index.js', [], ['index.css']) };

describe('firstLoadFiles', () => {
  it('counts what is loaded at once, each file once, and no page that is loaded later', () => {
    const manifest = {
      ...entry,
      'src/fleets/fleets-page.tsx': chunk('fleets.js', ['index.html', '_names.js'], ['fleets.css']),
      '_names.js': chunk('names.js', ['index.html']),
      'src/other-page.tsx': chunk('other.js'),
    };
    expect(firstLoadFiles(manifest).toSorted()).toEqual(
      ['index.html', 'index.js', 'index.css', 'fleets.js', 'fleets.css', 'names.js'].toSorted(),
    );
  });

  it('does not pass for a page that it no longer finds', () => {
    expect(() => firstLoadFiles(entry)).toThrow('src/fleets/fleets-page.tsx');
  });
});
