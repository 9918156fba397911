import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
export type JsonSchema = Schemas[string];

/** Schemas with an id, met so far in this process: they become components of the document. */
const named: Record<string, JsonSchema> = {};

/**
 * JSON Schema 2020-12, as OpenAPI 3.1 has it, of a zod schema; those with an id become references to components.
 * `input` is what a caller may send, `output` what a caller gets.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
): { schema: JsonSchema; components: Record<string, JsonSchema> } {
  // Wrapped, because zod inlines the schema it is asked for even when that has an id.
  const { properties, $defs } = z.toJSONSchema(z.object({ schema }), { io, target: 'draft-2020-12' });
  const defs = Object.entries($defs ?? {}).map(([name, one]) => [name, withoutId(one)]);
  const components = relocated(Object.fromEntries(defs)) as Record<string, JsonSchema>;
  Object.assign(named, components);
  return { schema: relocated(properties?.schema) as JsonSchema, components };
}

export function namedSchemas(): Record<string, JsonSchema> {
  return named;
}

function withoutId(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'id' && key !== '$schema'));
}

function relocated(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
