import { writeFileSync } from 'node:fs';
import { problemsDocument } from '../../apps/api/src/problems/problem-pages.js';
import { runApi } from '../../test/e2e/running-api.js';
import { CLIENT_TYPES_FILE, clientTypes } from './client-types.js';
import { DOCUMENT_FILE, documentText, RELEASED_FILE } from './document-file.js';

/**
 * Writes anew what is made from the API: its OpenAPI document, the types of its client, and the
 * page about its problems. With `--release` also the document that later
 * ones must not break. Run it from the top of the repository.
 */
const api = await runApi();
try {
  const text = await documentText(api);
  writeFileSync(DOCUMENT_FILE, text);
  writeFileSync(CLIENT_TYPES_FILE, await clientTypes(text));
  writeFileSync('docs/problems.md', problemsDocument());
  if (process.argv.includes('--release')) writeFileSync(RELEASED_FILE, text);
} finally {
  await api.stop();
}
