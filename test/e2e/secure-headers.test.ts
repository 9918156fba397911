import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi({ console: true });
});

afterAll(() => api?.stop());

const EVERYWHERE: [string, () => Promise<Reply>][] = [
  ['a reply', () => api.call('GET', '/v1/fleets')],
  ['a refusal', () => api.call('GET', '/v1/fleets', { key: null })],
  ['a path that is not served', () => api.call('GET', '/nothing', { key: null })],
  ['a body that cannot be read', () => api.call('POST', '/v1/fleets', { body: '{' })],
  ['the health', () => api.call('GET', '/livez', { key: null })],
  ['the page at /docs', () => api.call('GET', '/docs', { key: null })],
];

describe.each(EVERYWHERE)('%s', (_, ask) => {
  it('is nothing to guess, to frame or to keep', async () => {
    const { headers } = await ask();
    expect(headers).toMatchObject({
      ...{
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      },
      ...{ 'x-frame-options': 'SAMEORIGIN', 'cross-origin-resource-policy': 'same-origin' },
      'strict-transport-security': 'max-age=31536000',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/),
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe.each(['/console/', '/console/sandbox', '/console/windlass.svg'])('%s', (where) => {
  it('is nothing to guess, to frame or to fill from elsewhere, and may be looked at again', async () => {
    const { status, headers } = await api.call('GET', where, { key: null });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      ...{
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      },
      ...{ 'x-frame-options': 'SAMEORIGIN', 'cross-origin-resource-policy': 'same-origin' },
      'strict-transport-security': 'max-age=31536000',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/),
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe('pages of other origins', () => {
  const foreign = { Origin: 'https://elsewhere.example' };
  const preflight = {
    ...foreign,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization',
  };

  it('get no leave to read anything', async () => {
    for (const path of ['/v1/fleets', '/v1/api-keys', '/openapi.json', '/livez', '/docs', '/console/']) {
      const got = await api.call('GET', path, { headers: foreign });
      const asked = await fetch(api.url + path, { method: 'OPTIONS', headers: preflight });
      const names = [...Object.keys(got.headers), ...asked.headers.keys()];
      expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(asked.ok, path).toBe(false);
    }
  });
});
