import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faqEntries } from './page.js';

/** The file holds itself against the page: only the words of the page choose what it tries. */
function holdsItself(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').includes(`tryEntries('${file}'`);
}

describe('docs/faq.md', () => {
  const entries = faqEntries();

  it('names what a program says in every heading', () => {
    expect(entries.length).toBeGreaterThan(40);
    expect(entries.filter(({ messages }) => messages.length === 0)).toEqual([]);
  });

  it('has each entry tried by a test, or says why none does', () => {
    const unclear = entries.filter(({ triedBy, notTried }) => (triedBy === null) === (notTried === null));
    expect(unclear).toEqual([]);
  });

  it('names only tests that hold its entries', () => {
    const files = new Set(entries.flatMap(({ triedBy }) => triedBy ?? []));
    expect(files.size).toBeGreaterThan(5);
    expect([...files].filter((file) => !holdsItself(file))).toEqual([]);
  });
});
