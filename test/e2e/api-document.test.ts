import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownRoutes } from '../../apps/api/src/http/known-routes.js';
import { PROBLEM_KINDS } from '../../apps/api/src/http/problem-kinds.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
// biome-ignore lint/suspicious/noExplicitAny: the document is read as any client reads it.
let document: any;

beforeAll(async () => {
  api = await runApi();
  document = (await api.call('GET', '/openapi.json', { key: null })).body;
});

afterAll(() => api?.stop());

/** `get /v1/fleets/{fleetId}`, for every operation that the document has. */
function operationNames(): string[] {
  return Object.entries<object>(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
const operations = (): [string, any][] =>
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  Object.entries<any>(document.paths).flatMap(([path, item]) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    Object.entries<any>(item).map(([method, one]): [string, any] => [`${method} ${path}`, one]),
  );

describe('the OpenAPI document', () => {
  it('is 3.1 with a bearer scheme', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Windlass', version: expect.any(String) });
    expect(document.components.securitySchemes.apiKey).toMatchObject({ type: 'http', scheme: 'bearer' });
  });

  it('documents every route that is served, and serves every route that it documents', () => {
    const served = knownRoutes(api.app.getHttpAdapter().getInstance())
      .filter(({ path }) => !path.startsWith('/docs'))
      .flatMap(({ path, methods }) =>
        methods.map((method) => `${method} ${path.replace(/:(\w+)(?=\/|:|$)/g, withBraces)}`),
      );
    expect(operationNames().sort()).toEqual(served.sort());
  });

  it('gives each operation a name of its own, a summary, a tag, and the problems that any route has', () => {
    const names = operations().map(([, one]) => one.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [name, one] of operations()) {
      expect(one.summary, name).toMatch(/\w/);
      expect(one.tags, name).toHaveLength(1);
      expect(Object.keys(one.responses), name).toEqual(expect.arrayContaining(['400', '500']));
    }
  });

  it('asks for a key everywhere under /v1 and for the metrics, and nowhere else', () => {
    for (const [name, one] of operations()) {
      const closed = name.includes(' /v1/') || name.endsWith(' /metrics');
      expect(one.security ?? [], name).toEqual(closed ? [{ apiKey: [] }] : []);
      if (closed) expect(Object.keys(one.responses), name).toContain('401');
    }
  });

  it('declares every path parameter, and no other', () => {
    for (const [name, one] of operations()) {
      const declared = (one.parameters ?? []).filter((parameter: { in: string }) => parameter.in === 'path');
      const named = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect(
        declared.map((parameter: { name: string }) => parameter.name),
        name,
      ).toEqual(named);
    }
  });

  it('has no reference that leads nowhere, and no schema that nobody refers to', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect([...new Set(references)].sort()).toEqual(Object.keys(document.components.schemas).sort());
    expect(text).not.toMatch(/"\$ref":"(?!#\/components)|\$defs|"nullable":/);
  });

  it('describes problems as RFC 9457 with the same schema everywhere', () => {
    for (const [name, one] of operations()) {
      for (const [status, reply] of Object.entries<{ content: object }>(one.responses)) {
        if (Number(status) < 400) continue;
        expect(reply.content, name).toEqual({
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        });
      }
    }
    const { required, examples } = document.components.schemas.Problem;
    expect(required).toEqual(
      expect.arrayContaining(['type', 'title', 'status', 'detail', 'instance', 'code', 'nextAction']),
    );
    expect(examples).toHaveLength(1);
  });

  it('names every code of the table, and shows secrets as write-only and in no reply', () => {
    const text = JSON.stringify(document);
    const everywhere = ['request.unknown-route', 'request.method-not-allowed', 'request.unreadable'];
    const unreachable = ['generation.not-found'];
    for (const code of Object.keys(PROBLEM_KINDS)) {
      if (![...everywhere, ...unreachable].includes(code)) expect(text).toContain(`\`${code}\``);
    }
    const { NewHost, NewVaultIssuingCa, AppRole, ProbeClient, NewSample } = document.components.schemas;
    const { Host, VaultIssuingCa, UploadIssuingCa, UploadedCa, Sample } = document.components.schemas;
    for (const secret of [
      NewHost.properties.privateKey,
      NewVaultIssuingCa.properties.token,
      AppRole.properties.secretId,
      AppRole.properties.wrappedSecretId,
      ProbeClient.properties.privateKey,
      NewSample.properties.privateKey,
    ]) {
      expect(secret.writeOnly).toBe(true);
    }
    for (const shown of [Host, VaultIssuingCa, UploadIssuingCa, UploadedCa, Sample]) {
      expect(Object.keys(shown.properties)).not.toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^(privateKey|token|probe|secretId|wrappedSecretId)$/),
        ]),
      );
    }
  });

  it('honours an Idempotency-Key wherever something is created, or says that it does not', () => {
    for (const [name, one] of operations()) {
      const creates =
        name.startsWith('post ') &&
        !name.includes('}:') &&
        ('201' in one.responses || '202' in one.responses);
      if (!creates) continue;
      const honours = JSON.stringify(one.parameters).includes('"Idempotency-Key"');
      const refuses = JSON.stringify(one.responses).includes('`request.idempotency-not-kept`');
      expect([honours, refuses], name).toEqual(refuses ? [false, true] : [true, false]);
      if (honours) expect(JSON.stringify(one.responses), name).toContain('`request.idempotency-mismatch`');
    }
  });

  it('refuses unknown fields in every body that it describes, but for what another program sends', () => {
    for (const [name, schema] of Object.entries<{ type?: string; additionalProperties?: unknown }>(
      document.components.schemas,
    )) {
      if (schema.type !== 'object') continue;
      const closed = name !== 'AlertmanagerWebhook';
      expect(schema.additionalProperties, name).toEqual(closed ? false : {});
    }
  });
});

describe('the page at /docs', () => {
  it('and everything that it loads comes from this machine', async () => {
    const page = await api.call('GET', '/docs', { key: null });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    const loaded = [...page.text.matchAll(/(?:src|href)=["']([^"']+)["']/g)].map(([, url]) => url ?? '');
    expect(loaded.length).toBeGreaterThan(3);
    for (const url of loaded) {
      expect(url).toMatch(/^\.\/docs\//);
      expect((await fetch(new URL(url, `${api.url}/`))).status, url).toBe(200);
    }
    const script = await (await fetch(`${api.url}/docs/swagger-ui-init.js`)).text();
    expect(script).toContain('/v1/rotations/{rotationId}:abort');
    expect(script).toMatch(/"validatorUrl": null/);
  });
});

const OF_WEBHOOKS = ['test', 'rotate-secret', 'redeliver'];

function withBraces(_whole: string, name: string): string {
  return [
    'pause',
    'resume',
    'abort',
    'retry',
    'override',
    'approve',
    'decommission',
    ...OF_WEBHOOKS,
  ].includes(name)
    ? `:${name}`
    : `{${name}}`;
}
