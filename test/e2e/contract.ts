import { z } from 'zod';
import type { Reply } from './running-api.js';

// biome-ignore lint/suspicious/noExplicitAny: the document is read as any client reads it.
type Document = any;

/** `get /v1/fleets/{fleetId}`, for every operation that the document has. */
export function operationsOf(document: Document): string[] {
  return Object.entries<object>(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
}

/** What is wrong with a reply by the word of the document; null when it is as documented. */
export function breachOf(document: Document, reply: Reply): string | null {
  const operation = operationAt(document, reply);
  if (operation === undefined) return null;
  const what = `${reply.method} ${reply.path} answered ${reply.status}`;
  const documented = operation.responses[reply.status];
  // 405 is of no operation, and 304 has no body: HTTP says all about them.
  if (documented === undefined)
    return [304, 405].includes(reply.status) ? null : `${what}, which is not documented`;
  const content = Object.entries<{ schema: object }>(documented.content ?? {});
  if (content.length === 0) return reply.text === '' ? null : `${what} with a body that is not documented`;
  const type = reply.headers['content-type'] ?? '';
  const [, media] = content.find(([name]) => type.startsWith(name)) ?? [];
  if (media === undefined) return `${what} as ${type}`;
  const parsed = schemaOf(document, media.schema).safeParse(reply.body);
  return parsed.success ? null : `${what} in another shape: ${z.prettifyError(parsed.error)}`;
}

function operationAt(document: Document, { method, path }: Reply) {
  for (const [template, item] of Object.entries<Document>(document.paths)) {
    const pattern = template.replace(/\{\w+\}/g, '[^/:]+');
    const operation = item[method.toLowerCase()];
    if (operation && new RegExp(`^${pattern}$`).test(path)) return operation;
  }
  return undefined;
}

function schemaOf(document: Document, schema: object): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}
