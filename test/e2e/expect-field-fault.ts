import { expect } from 'vitest';
import type { RunningApi } from './running-api.js';

/** The reply names the field and nothing else, says what is wrong, and what to do. Returns its text. */
export async function expectFieldFault(
  api: RunningApi,
  path: string,
  body: unknown,
  pointer: string,
): Promise<string> {
  const reply = await api.call('POST', path, { body });
  expect(reply.body).toMatchObject({ status: 400, code: 'request.invalid', errors: [{ pointer }] });
  expect(reply.body.errors).toHaveLength(1);
  expect(reply.body.errors[0].detail).toMatch(/\w+/);
  expect(reply.body.nextAction).toMatch(/\w+/);
  return reply.text;
}
