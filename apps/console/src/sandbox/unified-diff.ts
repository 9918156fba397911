import { createTwoFilesPatch, OMIT_HEADERS } from 'diff';

/** Lines shown around what changed. */
const CONTEXT = 3;

/** What `diff -u` prints below the names, with a line break at its end; empty where nothing changed. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return '';
  const options = { context: CONTEXT, headerOptions: OMIT_HEADERS };
  return createTwoFilesPatch('', '', before, after, undefined, undefined, options);
}
