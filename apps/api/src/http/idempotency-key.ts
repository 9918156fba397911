import { createHash, createHmac } from 'node:crypto';
import {
  applyDecorators,
  type CustomDecorator,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { IdempotentRequest } from '#persistence';
import { type ApiRequest, callerOf } from './api-request.js';
import { RequestFault } from './request-fault.js';

export const IDEMPOTENCY = 'windlass:idempotency';
/** `kept`: its reply is repeated. `secret`: its reply holds what is kept nowhere. */
export type Idempotency = 'kept' | 'secret';

/** On a reply that was given before. */
export const REPLAYED = 'Idempotency-Replayed';
/** Documents it. */
export const REPLAYED_HEADER = {
  [REPLAYED]: '`true` where the reply is that of an earlier request with the same Idempotency-Key.',
};
const USABLE = /^[\x21-\x7e]{1,200}$/;

/** Honours Idempotency-Key on a route. */
export function HonoursIdempotencyKey(): MethodDecorator {
  return applyDecorators(
    SetMetadata(IDEMPOTENCY, 'kept' satisfies Idempotency),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the ' +
        `reply of the first time, with \`${REPLAYED}: true\`, and has no further effect.`,
      schema: {
        type: 'string',
        pattern: '^[!-~]{1,200}$',
        examples: ['0193a1c0-7b3e-7000-8000-00000000c0de'],
      },
    }),
  );
}

/** Refuses Idempotency-Key on a route whose reply holds a secret: what is kept nowhere cannot be repeated. */
export function RefusesIdempotencyKey(): CustomDecorator {
  return SetMetadata(IDEMPOTENCY, 'secret' satisfies Idempotency);
}

/** The id for what a request creates; undefined without an Idempotency-Key. The same however often it is sent. */
export const IdempotentId = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ApiRequest>().idempotentId,
);

/** Throws RequestFault `request.malformed-idempotency-key`. Neither the key nor the body can be had from it. */
export function idempotentRequestOf(request: ApiRequest, key: string): IdempotentRequest {
  if (!USABLE.test(key)) throw malformed();
  const asked = JSON.stringify([request.method, request.originalUrl, request.body ?? null]);
  return {
    // Not by the name: that of a token may change between two tries.
    actor: callerOf(request).id,
    keyHash: createHash('sha256').update(key).digest('hex'),
    fingerprint: createHmac('sha256', key).update(asked).digest('hex'),
  };
}

function malformed(): RequestFault {
  return new RequestFault(
    'request.malformed-idempotency-key',
    'Idempotency-Key must have 1 to 200 printable ASCII characters.',
    'Send a fresh random one for each thing that is wanted, such as a UUID.',
  );
}
