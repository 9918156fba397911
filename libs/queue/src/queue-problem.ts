import { PortError } from '#engine';
import type { QueuePlace } from './queue-engine.js';

/** BullMQ's own refusals carry a number; a server that is away never does. */
export function isOfTheServer(error: unknown): boolean {
  return error instanceof Error && !('code' in error && typeof error.code === 'number');
}

/** The error as ports report it. What the driver said stays out: it may hold the address with the password. */
export function toQueueProblem(error: unknown, place: QueuePlace): unknown {
  if (error instanceof PortError || !isOfTheServer(error)) return error;
  const [name, variable, url] =
    'redisUrl' in place
      ? (['Redis', 'REDIS_URL', place.redisUrl] as const)
      : (['PostgreSQL', 'DATABASE_URL', place.postgresUrl] as const);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const problem = {
    code: 'queue.unreachable',
    message: `The queue on ${name} does not answer: ${addressOf(url)}.`,
    nextStep: `Check that the server runs and that ${variable} names it with the right user and password.`,
    ...(typeof code === 'string' ? { detail: code } : {}),
  };
  return new PortError(problem, { transient: true });
}

function addressOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'its address is not one';
  }
}
