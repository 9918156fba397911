import { describe, expect, it } from 'vitest';
import { ApiProblem } from '#api-client';
import { isFinal } from './verdict.js';

const problem = (status: number) =>
  new ApiProblem({ type: 't', title: 't', status, detail: 'd', code: 'c' } as never, null);

describe('what is said of the key of a tab that was loaded again', () => {
  it.each([401, 403])('is final with %i', (status) => {
    expect(isFinal(problem(status))).toBe(true);
  });

  it.each([429, 500, 503])('is nothing with %i: it is asked again', (status) => {
    expect(isFinal(problem(status))).toBe(false);
  });

  it('is nothing where nobody answers, or something that is not Windlass', () => {
    expect(isFinal(new TypeError('Failed to fetch'))).toBe(false);
  });
});
