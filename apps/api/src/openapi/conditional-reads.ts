import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const TAG = 'Of what is shown: another one when anything of it is different.';
const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'An ETag that is known already: while it is still the one, the reply is 304 and has no body.',
  schema: { type: 'string' },
} as const;

/** Documents what ReadTags does: the ETag of everything that is shown, and 304 for whoever has it. */
export function documentConditionalReads(paths: OpenAPIObject['paths']): void {
  for (const [path, { get, put, patch }] of Object.entries(paths)) {
    if (!path.startsWith('/v1/')) continue;
    for (const operation of [get, put, patch]) if (operation) documentTag(operation);
    if (get) documentNotModified(get);
  }
}

function documentTag({ responses }: Operation): void {
  const shown = responses['200'];
  if (shown === undefined || '$ref' in shown || !('application/json' in (shown.content ?? {}))) return;
  shown.headers = { ETag: { description: TAG, schema: { type: 'string' } }, ...shown.headers };
}

function documentNotModified(operation: Operation): void {
  const shown = operation.responses['200'];
  const known = (operation.parameters ?? []).some((one) => 'name' in one && one.name === 'If-None-Match');
  if (known || shown === undefined || '$ref' in shown || !shown.headers?.ETag) return;
  operation.parameters = [...(operation.parameters ?? []), IF_NONE_MATCH];
  operation.responses['304'] = { description: 'It is as If-None-Match has it.' };
}
