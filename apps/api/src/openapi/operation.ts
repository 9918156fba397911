import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { Problem } from '../http/problem.js';
import { PROBLEM_KINDS, type ProblemCode } from '../http/problem-kinds.js';
import { jsonSchemaOf } from './json-schema.js';

export interface OperationFacts {
  readonly summary: string;
  readonly description?: string;
  readonly reply: {
    readonly status: number;
    readonly description: string;
    /** Left out: no body. */
    readonly schema?: z.ZodType;
    /** `application/json` by default. */
    readonly mediaType?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Beyond {@link ANYWHERE}. */
  readonly problems?: readonly ProblemCode[];
}

/** What any route may answer with. */
const ANYWHERE = ['request.invalid', 'windlass.defect'] as const;
/** And beside it any route that needs a key, which is looked up in the database. */
export const WITH_KEY = [
  ...(['request.unauthorised', 'request.forbidden', 'request.out-of-scope', 'oidc.unmapped'] as const),
  ...(['request.too-many', 'oidc.unreachable', 'database.unreachable'] as const),
] as const;
/** And beside that any route that reads a body. */
export const WITH_BODY = [
  'request.malformed-json',
  'request.too-large',
  'request.unsupported-media-type',
] as const;

/** And beside that any route that honours Idempotency-Key. */
export const WITH_IDEMPOTENCY = [
  'request.malformed-idempotency-key',
  'request.idempotency-in-flight',
  'request.idempotency-mismatch',
] as const;

/** And beside that any route that honours If-Match and does without. */
export const WITH_IF_MATCH = ['request.malformed-if-match', 'resource.changed'] as const;

/** Documents a route: what it does, what it answers, and every problem by its code. */
export function Operation({ summary, description, reply, problems = [] }: OperationFacts): MethodDecorator {
  const { status, schema, mediaType = 'application/json' } = reply;
  const headers = Object.entries(reply.headers ?? {}).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ]);
  return applyDecorators(
    ApiOperation({ summary, ...(description ? { description } : {}) }),
    ApiResponse({
      status,
      description: reply.description,
      ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
      ...(schema ? { content: { [mediaType]: { schema: jsonSchemaOf(schema, 'output').schema } } } : {}),
    } as Parameters<typeof ApiResponse>[0]),
    ...problemReplies([...ANYWHERE, ...problems]),
  );
}

function problemReplies(codes: readonly ProblemCode[]): MethodDecorator[] {
  const statuses = [...new Set(codes.map((code) => PROBLEM_KINDS[code][0]))];
  return statuses.map((status) =>
    ApiResponse({
      status,
      description: codes
        .filter((code) => PROBLEM_KINDS[code][0] === status)
        .map((code) => `\`${code}\`: ${PROBLEM_KINDS[code][1]}.`)
        .join(' '),
      content: { 'application/problem+json': { schema: jsonSchemaOf(Problem, 'output').schema } },
    } as Parameters<typeof ApiResponse>[0]),
  );
}
