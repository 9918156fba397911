import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '#platform';
import { type RunningApi, runApi } from './running-api.js';

interface Got {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

const folder = projectPath('dist/apps/console');
const script = readdirSync(path.join(folder, 'assets')).find((name) => /^index-.*\.js$/.test(name)) ?? '';
const asset = `/console/assets/${script}`;

let api: RunningApi;

beforeAll(async () => {
  api = await runApi({ console: true });
});
afterAll(() => api?.stop());

/** As it went over the wire: the path as it is written, the body as it came. */
function ask(where: string, method = 'GET', headers: Readonly<Record<string, string>> = {}): Promise<Got> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: where, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          ...{ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) },
        }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

describe('the console', () => {
  it('is where / leads', async () => {
    const { status, headers } = await ask('/');
    expect([status, headers.location]).toEqual([302, '/console/']);
  });

  it.each(['/console/', '/console', '/console/rotations/7', '/console/sandbox?x=1'])(
    'draws %s by its one page, which is asked for anew each time',
    async (where) => {
      const { status, headers, body } = await ask(where);
      expect(status).toBe(200);
      expect(body.toString()).toBe(readFileSync(path.join(folder, 'index.html'), 'utf8'));
      expect(headers).toMatchObject({
        'content-type': expect.stringMatching(/^text\/html/),
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    },
  );

  it('lets its page load from here alone, run no script that stands in it, and be framed by nobody', async () => {
    const { headers, body } = await ask('/console/');
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy.toSorted()).toEqual([
      ...["base-uri 'none'", "connect-src 'self'", "default-src 'none'", "font-src 'self'"],
      ...["form-action 'none'", "frame-ancestors 'none'", "img-src 'self' data:", "script-src 'self'"],
      ...["style-src 'self' 'unsafe-inline'", "worker-src 'self'"],
    ]);
    expect(body.toString()).not.toMatch(/<script(?![^>]* src=)|https?:/);
  });

  it('keeps what has a hash in its name for a year', async () => {
    const { status, headers } = await ask(asset);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringMatching(/javascript/),
      'x-content-type-options': 'nosniff',
    });
    expect((await ask('/console/windlass.svg')).headers['cache-control']).toBe('no-cache');
  });

  it('says of an asset that is gone that it is gone', async () => {
    for (const where of [
      '/console/assets/index-old.js',
      '/console/assets/',
      '/console/assets/index-old.js.br',
    ]) {
      const { status, body } = await ask(where);
      expect(status, where).toBe(404);
      expect(JSON.parse(body.toString())).toMatchObject({ code: 'request.unknown-route' });
    }
  });

  it.each([
    '/console/../../../package.json',
    '/console/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/console/assets/..%2f..%2f..%2f..%2fpackage.json',
    '/console/assets/../../../../package.json',
    '/console/..%5c..%5cpackage.json',
    '/console//etc/passwd',
    '/console/%00',
    '/console/.vite/manifest.json',
  ])('gives nothing from outside of its folder: %s', async (where) => {
    for (const encoding of ['identity', 'br']) {
      const { status, body } = await ask(where, 'GET', { 'Accept-Encoding': encoding });
      expect(status).toBeLessThan(500);
      expect(body.toString()).not.toMatch(/"private": true|root:|isEntry/);
    }
  });

  it('takes no method but GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      for (const where of ['/console/', asset]) {
        const { status, headers } = await ask(where, method, { 'Accept-Encoding': 'br' });
        expect([status, headers['content-encoding']], method).toEqual([404, undefined]);
      }
    }
    const head = await ask('/console/', 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });
});

describe('compressed', () => {
  const plain = readFileSync(path.join(folder, 'assets', script));

  it.each([
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
  ] as const)('to whoever accepts %s in %s', async (accepted, encoding, unpack) => {
    const { headers, body } = await ask(asset, 'GET', { 'Accept-Encoding': accepted });
    expect(headers).toMatchObject({
      'content-encoding': encoding,
      vary: expect.stringContaining('Accept-Encoding'),
      'content-type': expect.stringMatching(/javascript/),
      'content-length': String(body.length),
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(unpack(body).equals(plain)).toBe(true);
    expect(body.length).toBeLessThan(plain.length / 2);
  });

  it.each(['', 'identity', 'zstd', 'br;q=0, gzip;q=0'])('not to whoever accepts “%s”', async (accepted) => {
    const { headers, body } = await ask(asset, 'GET', { 'Accept-Encoding': accepted });
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.vary).toContain('Accept-Encoding');
    expect(body.equals(plain)).toBe(true);
  });

  it('with an ETag of its own for each form, and 304 for the one that is known', async () => {
    const forms = ['identity', 'gzip', 'br'];
    const tags = await Promise.all(
      forms.map(async (form) => (await ask(asset, 'HEAD', { 'Accept-Encoding': form })).headers.etag),
    );
    expect(new Set(tags).size).toBe(forms.length);
    const again = { 'Accept-Encoding': 'br', 'If-None-Match': String(tags[2]) };
    expect((await ask(asset, 'GET', again)).status).toBe(304);
    expect((await ask(asset, 'GET', { ...again, 'Accept-Encoding': 'gzip' })).status).toBe(200);
  });

  it('says the same to HEAD as to GET, and gives a part of the file as it is', async () => {
    const [head, get] = await Promise.all(
      ['HEAD', 'GET'].map((method) => ask(asset, method, { 'Accept-Encoding': 'br' })),
    );
    for (const name of ['content-length', 'content-encoding', 'etag', 'vary', 'content-type']) {
      expect(head?.headers[name], name).toBe(get?.headers[name]);
    }
    expect(head?.body.length).toBe(0);
    const part = await ask(asset, 'GET', { 'Accept-Encoding': 'br', Range: 'bytes=0-9' });
    expect([part.status, part.headers['content-encoding']]).toEqual([206, undefined]);
    expect(part.body.equals(plain.subarray(0, 10))).toBe(true);
  });
});

describe('a console that was not built', () => {
  it('says how to build it', async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'windlass-console-'));
    const built = api;
    api = await runApi({ consoleFolder: path.join(empty, 'none') });
    try {
      const { status, headers, body } = await ask('/console/');
      expect(status).toBe(503);
      expect(body.toString()).toContain('npm run build');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    } finally {
      await api.stop();
      api = built;
      await rm(empty, { recursive: true });
    }
  });
});
