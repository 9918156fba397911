import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';

/** Lines shown around what changed. */
const CONTEXT = 3;
/** Beyond it large texts are compared in larger pieces: the page must stay free. */
export const DIFF_EFFORT = { scanLimit: 500, timeout: 300 };

interface Hunk {
  readonly fromA: number;
  readonly fromB: number;
  readonly lines: string[];
  a: number;
  b: number;
}

/** What `diff -u` prints below the names, line by line; empty where nothing changed. */
export function unifiedDiff(before: string, after: string): readonly string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const [textA, textB] = [Text.of(a), Text.of(b)];
  const chunks = Chunk.build(textA, textB, DIFF_EFFORT);
  const hunks: Hunk[] = [];
  for (const { fromA, toA, fromB, toB } of chunks) {
    const removed = linesOf(textA, fromA, toA);
    const added = linesOf(textB, fromB, toB);
    const hunk = openHunk(hunks, removed.first, added.first, a);
    hunk.lines.push(...a.slice(removed.first, removed.end).map((line) => `-${line}`));
    hunk.lines.push(...b.slice(added.first, added.end).map((line) => `+${line}`));
    hunk.a = removed.end;
    hunk.b = added.end;
  }
  const last = hunks.at(-1);
  if (last !== undefined) keep(last, a, last.a + CONTEXT);
  return hunks.flatMap(({ fromA, fromB, a: endA, b: endB, lines }) => [
    `@@ -${span(fromA, endA)} +${span(fromB, endB)} @@`,
    ...lines,
  ]);
}

/** A new one, or the last one where the two would touch. */
function openHunk(hunks: Hunk[], firstA: number, firstB: number, a: readonly string[]): Hunk {
  const last = hunks.at(-1);
  if (last !== undefined && firstA - last.a <= 2 * CONTEXT) {
    keep(last, a, firstA);
    return last;
  }
  if (last !== undefined) keep(last, a, last.a + CONTEXT);
  const lead = Math.min(CONTEXT, firstA);
  const hunk = { fromA: firstA - lead, fromB: firstB - lead, a: firstA, b: firstB, lines: [] as string[] };
  hunk.lines.push(...a.slice(firstA - lead, firstA).map((line) => ` ${line}`));
  hunks.push(hunk);
  return hunk;
}

/** Goes on with what both have, up to a line. */
function keep(hunk: Hunk, a: readonly string[], upTo: number): void {
  const end = Math.min(upTo, a.length);
  if (end <= hunk.a) return;
  hunk.lines.push(...a.slice(hunk.a, end).map((line) => ` ${line}`));
  hunk.b += end - hunk.a;
  hunk.a = end;
}

/** Of a chunk, whose end is one past the break behind its last line. */
function linesOf(text: Text, from: number, to: number): { first: number; end: number } {
  const first = from > text.length ? text.lines : text.lineAt(from).number - 1;
  return { first, end: to <= from ? first : text.lineAt(Math.min(to - 1, text.length)).number };
}

function span(from: number, end: number): string {
  return `${end > from ? from + 1 : from},${end - from}`;
}
