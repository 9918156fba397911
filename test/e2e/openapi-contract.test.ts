import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breakingChanges } from '#kit';
import { CLIENT_TYPES_FILE, clientTypes } from '../../tools/openapi/client-types.js';
import { DOCUMENT_FILE, documentText, RELEASED_FILE } from '../../tools/openapi/document-file.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const committed = () => readFileSync(DOCUMENT_FILE, 'utf8');

describe('the committed OpenAPI document', () => {
  it('is the one that is served (npx tsc -p . && node dist/tools/openapi/main.js)', async () => {
    expect(JSON.parse(committed())).toEqual(JSON.parse(await documentText(api)));
  });

  it('is what the client has its types from (as above)', async () => {
    expect(readFileSync(CLIENT_TYPES_FILE, 'utf8')).toBe(await clientTypes(committed()));
  });

  it('breaks no client of the release (what is meant to: docs/api.md)', async () => {
    expect(await breakingChanges(readFileSync(RELEASED_FILE, 'utf8'), committed())).toEqual([]);
  });
});

/** The committed document after a change to its schemas. */
// biome-ignore lint/suspicious/noExplicitAny: the document is read as any client reads it.
function changed(change: (schemas: any, paths: any) => void): string {
  const document = JSON.parse(committed());
  change(document.components.schemas, document.paths);
  return JSON.stringify(document);
}

describe('a change to the document', () => {
  it('that takes a field out of a reply is found', async () => {
    const after = changed(({ Fleet }) => {
      delete Fleet.properties.hostCount;
      Fleet.required = Fleet.required.filter((name: string) => name !== 'hostCount');
    });
    expect((await breakingChanges(committed(), after)).join('\n')).toMatch(
      /GET \/v1\/fleets\/\{fleetId\} removed the required property `hostCount`/,
    );
  });

  it('that asks for one more field is found', async () => {
    const after = changed(({ NewApiKey }) => {
      NewApiKey.properties.team = { type: 'string' };
      NewApiKey.required.push('team');
    });
    expect((await breakingChanges(committed(), after)).join('\n')).toMatch(
      /POST \/v1\/api-keys added the new required request property `team`/,
    );
  });

  it('that takes a route away, or answers with a status of its own, is found', async () => {
    const without = changed((_schemas, paths) => {
      delete paths['/v1/api-keys'];
    });
    expect(await breakingChanges(committed(), without)).toHaveLength(2);
    const grown = changed(({ RotationSummary }) => RotationSummary.properties.status.enum.push('asleep'));
    expect((await breakingChanges(committed(), grown)).join('\n')).toMatch(/new `asleep` enum value/);
  });

  it('that only adds is none to clients', async () => {
    const after = changed(({ Fleet, NewApiKey }) => {
      Fleet.properties.motto = { type: 'string' };
      NewApiKey.properties.team = { type: 'string' };
    });
    expect(await breakingChanges(committed(), after)).toEqual([]);
  });
});
