import openapiTS, { astToString } from 'openapi-typescript';

/** The types of libs/api-client, made from the document. */
export const CLIENT_TYPES_FILE = 'libs/api-client/src/schema.ts';

const HEAD = '/** Made from docs/openapi.json by `node dist/tools/openapi/main.js`. Nobody edits it. */\n';

export async function clientTypes(document: string): Promise<string> {
  // What has a default may be left out of a request; replies have no defaults.
  return `${HEAD}${astToString(await openapiTS(document, { defaultNonNullable: false }))}`;
}
