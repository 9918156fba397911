import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.js';

/** Makes the changes of a diff, and fails where a line is not the one it speaks of. */
function patched(before: string, diff: readonly string[]): string {
  const lines = before.split('\n');
  const out: string[] = [];
  let at = 0;
  for (const line of diff) {
    const start = /^@@ -(\d+),(\d+) /.exec(line);
    if (start) {
      const from = Number(start[1]) - (start[2] === '0' ? 0 : 1);
      out.push(...lines.slice(at, from));
      at = from;
    } else if (line.startsWith('+')) out.push(line.slice(1));
    else {
      expect(lines[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) out.push(line.slice(1));
      at += 1;
    }
  }
  return [...out, ...lines.slice(at)].join('\n');
}

describe('unifiedDiff', () => {
  it('says nothing where nothing changed', () => {
    expect(unifiedDiff('a\nb\n', 'a\nb\n')).toEqual([]);
  });

  it('shows three lines around a change', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni';
    expect(unifiedDiff(before, before.replace('e', 'E\nE2'))).toEqual([
      ...['@@ -2,7 +2,8 @@', ' b', ' c', ' d', '-e', '+E', '+E2', ' f', ' g', ' h'],
    ]);
  });

  it('leads from one text to the other, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'server {', '}', ''), { maxLength: 40 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = unifiedDiff(before.join('\n'), after.join('\n'));
        expect(patched(before.join('\n'), diff)).toBe(after.join('\n'));
      }),
    );
  });
});
