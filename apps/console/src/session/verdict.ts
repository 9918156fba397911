import { ApiProblem } from '#api-client';

const TOO_MANY = 429;
const SERVER_FAULT = 500;

/** Whether the API judged a key. One that is busy or has lost its database says nothing of the key. */
export function isFinal(error: unknown): error is ApiProblem {
  if (!(error instanceof ApiProblem)) return false;
  return error.status < SERVER_FAULT && error.status !== TOO_MANY;
}
