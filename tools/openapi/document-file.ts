import type { RunningApi } from '../../test/e2e/running-api.js';

/** The contract of the API as it is served now, and as it was released last. */
export const DOCUMENT_FILE = 'docs/openapi.json';
export const RELEASED_FILE = 'docs/openapi.released.json';

type Document = { readonly paths: object; readonly components: { readonly schemas: object } };

/** The document of a running API as its file has it: by name, so that a new route is one place in the diff. */
export async function documentText(api: Pick<RunningApi, 'call'>): Promise<string> {
  const { body } = await api.call('GET', '/openapi.json', { key: null });
  const { paths, components, ...others } = body as Document;
  const sorted = { ...others, paths: byName(paths), components: inOrder(components) };
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

function inOrder(components: Document['components']): object {
  return { ...components, schemas: byName(components.schemas) };
}

function byName(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
