import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { documentConditionalReads } from './conditional-reads.js';
import { jsonSchemaOf, namedSchemas } from './json-schema.js';

/** Name of the security scheme. */
export const API_KEY = 'apiKey';

const ABOUT = `Rotates the client-CA trust of whole fleets of nginx hosts: all new or all old, and proven.

Everything under \`/v1\`, and \`/metrics\`, needs an API key or, where an issuer is configured, a token of it: every role reads,
operators and admins change things, approvers and admins approve and read the audit log, admins make keys and
webhooks. Who is confined to fleets finds nothing else. Errors are \`application/problem+json\` (RFC 9457) with a stable
\`code\` and a \`nextAction\`. Times are RFC 3339 in UTC. Unknown fields and query parameters are refused,
but for fields that Alertmanager may add to its webhook.
Secrets are write-only: private keys and tokens go in and never come out.`;

/** OpenAPI 3.1 of every controller, its schemas made from the zod schemas that validate. */
export function createDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Windlass')
    .setDescription(ABOUT)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An API key, or a token of the issuer.' },
      API_KEY,
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    autoTagControllers: false,
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? jsonSchemaOf(schema, schemaType) : undefined,
  });
  documentConditionalReads(document.paths);
  // Nest writes the examples of named schemas as 3.0 has them; here they are as 3.1 has them.
  document.components = { ...document.components, schemas: namedSchemas() };
  return document;
}
