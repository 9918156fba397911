import type { z } from 'zod';
import type { FieldFault } from './problem.js';

type Issue = z.core.$ZodIssue;

/** Faults that one reply names at most. */
const MOST = 50;
/** Longest name of an unknown field that is repeated to its sender. */
const LONGEST_NAME = 64;

/** What a schema found, one fault a field, unknown fields named one by one. No value is ever quoted. */
export function faultsOf(error: z.ZodError, place: 'body' | 'query'): FieldFault[] {
  return error.issues
    .flatMap((issue) => single(issue))
    .slice(0, MOST)
    .map(({ path, detail }) =>
      place === 'body' ? { pointer: pointerTo(path), detail } : { parameter: path.join('.'), detail },
    );
}

interface Found {
  readonly path: readonly string[];
  readonly detail: string;
}

function single(issue: Issue, above: readonly PropertyKey[] = []): Found[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return meantBranch(issue.errors).flatMap((inner) => single(inner, path));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: texts([...path, key]), detail: 'is not known here' }));
  }
  return [{ path: texts(path), detail: wordsOf(issue) }];
}

function wordsOf({ code, message }: Issue): string {
  if (code !== 'invalid_type') return message;
  return message.endsWith('received undefined') ? 'is missing' : message.replace(/^Invalid input: /, '');
}

/** Of a choice of shapes the one that knows most of the fields that were sent; then the one nearest to valid. */
function meantBranch(branches: readonly Issue[][]): readonly Issue[] {
  const unknown = (issues: readonly Issue[]) =>
    issues.reduce(
      (sum, one) => sum + (one.code === 'unrecognized_keys' && one.path.length === 0 ? one.keys.length : 0),
      0,
    );
  return branches.toSorted((a, b) => unknown(a) - unknown(b) || a.length - b.length)[0] ?? [];
}

function texts(path: readonly PropertyKey[]): string[] {
  return path.map((part) => String(part).slice(0, LONGEST_NAME));
}

/** RFC 6901 6: a JSON pointer as a URI fragment. */
function pointerTo(path: readonly string[]): string {
  const parts = path.map((part) =>
    encodeURIComponent(wellFormed(part).replaceAll('~', '~0').replaceAll('/', '~1')),
  );
  return ['#', ...parts].join('/');
}

/** A lone surrogate, which no URI can hold, becomes U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
