import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROBLEM_KINDS, type ProblemCode } from '../http/problem-kinds.js';
import { PROBLEM_GUIDE } from './problem-guide.js';
import { problemPage, problemsDocument } from './problem-pages.js';

const CODES = Object.keys(PROBLEM_KINDS) as ProblemCode[];

it('there is a page for every code, and none for another one', () => {
  expect(Object.keys(PROBLEM_GUIDE).sort()).toEqual([...CODES].sort());
});

it.each(CODES)('%s says what it means and what to do next', (code) => {
  const { meaning, next } = PROBLEM_GUIDE[code];
  for (const text of [meaning, next]) expect(text).toMatch(/^[`A-Za-z].*\.$/);
  expect(problemPage(code)).toContain(`<code>${code}</code>, HTTP status ${PROBLEM_KINDS[code][0]}`);
});

it('keeps docs/problems.md as the table makes it (node dist/tools/openapi/main.js)', () => {
  expect(readFileSync('docs/problems.md', 'utf8')).toBe(problemsDocument());
});
