import { applyDecorators } from '@nestjs/common';
import type { ProblemCode } from '../http/problem-kinds.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';
import { ApiIfMatch } from './if-match.js';
import { Rotation } from './rotation-schemas.js';

/** Documents the header of every reply that is a rotation. */
export const ETAG = {
  ETag: 'The revision of the rotation, quoted. It changes with each decision, command and phase.',
};

/** What any command to a rotation may be refused with. */
const ANY_VERB = [
  ...WITH_KEY,
  ...(['request.precondition-required', 'request.malformed-if-match'] as const),
  ...(['rotation.not-found', 'rotation.unreadable'] as const),
  ...(['rotation.changed', 'rotation.ended', 'rotation.busy', 'queue.unreachable'] as const),
];

/** Documents a command to a rotation; `problems` beyond those that any of them may have. */
export function Verb(facts: {
  readonly summary: string;
  readonly description?: string;
  readonly problems: readonly ProblemCode[];
}): MethodDecorator {
  const reply = { status: 202, description: 'Recorded.', schema: Rotation, headers: ETAG };
  return applyDecorators(
    ApiIfMatch(),
    Operation({ ...facts, reply, problems: [...ANY_VERB, ...facts.problems] }),
  );
}
