import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, type RunningApi, runApi } from './running-api.js';

const REQUESTS = 20;
const REFUSALS = 5;

let api: RunningApi;
let keys: string[];

beforeAll(async () => {
  api = await runApi({ rates: { requests: REQUESTS, refusals: REFUSALS } });
  const { apiKeys } = api.installation.records;
  keys = [(await apiKeys.create('viewer', 'eager')).key, (await apiKeys.create('viewer', 'calm')).key];
});

afterAll(() => api?.stop());

const list = (key: string | null) => api.call('GET', '/v1/fleets', { key });

/** Asks until it is told to wait, and at most so often. */
async function untilThrottled(key: string | null, most: number): Promise<Reply> {
  for (let asked = 1; ; asked += 1) {
    const reply = await list(key);
    if (reply.status === 429 || asked >= most) return reply;
  }
}

describe('a caller who asks too often', () => {
  it('fills the audit log no further, whatever it sends', async () => {
    const { apiKeys, audit } = api.installation.records;
    const { id, key } = await apiKeys.create('operator', 'flooding');
    const flood = Array.from({ length: REQUESTS + 10 }, () =>
      api.call('POST', '/v1/fleets', { key, body: {} }),
    );
    const refused = (await Promise.all(flood)).filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    const page = { cursor: null, limit: 200 };
    const { items } = await audit.listEntries({ actor: `api-key:${id}` }, page);
    expect(items.filter(({ stage }) => stage === 'outcome')).toHaveLength(REQUESTS);
    for (const { details } of items) expect(details).not.toMatchObject({ status: 429 });
  });

  it('is told to wait, and for how long, while others are served', async () => {
    const [eager = '', calm = ''] = keys;
    const reply = await untilThrottled(eager, REQUESTS + 1);
    expect(reply.body).toMatchObject({
      ...{ status: 429, code: 'request.too-many', title: 'Too many requests' },
      detail: expect.stringContaining(`takes ${REQUESTS} requests a minute`),
    });
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(reply.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(reply.headers.ratelimit).toMatch(/^"caller"; r=0; t=\d+$/);
    const other = await list(calm);
    expect(other.status).toBe(200);
    expect(other.headers.ratelimit).toMatch(new RegExp(`^"caller"; r=${REQUESTS - 1}; t=\\d+$`));
    expect(other.headers['ratelimit-policy']).toContain(`"caller"; q=${REQUESTS}; w=60`);
  });

  it('without a good key is counted by the address, which keeps out nobody who has one', async () => {
    const reply = await untilThrottled(null, REFUSALS + 1);
    expect(reply.body).toMatchObject({ status: 429, code: 'request.too-many' });
    expect(reply.headers.ratelimit).toMatch(/^"address"; r=0/);
    expect((await list('wl_guessed')).status).toBe(429);
    expect((await list(api.adminKey)).status).toBe(200);
  });

  it('still learns whether the API lives', async () => {
    expect((await untilThrottled(null, REFUSALS + 1)).status).toBe(429);
    for (let asked = 0; asked < 2 * REQUESTS; asked += 1) {
      expect((await api.call('GET', '/livez', { key: null })).status).toBe(200);
    }
    expect((await api.call('GET', '/readyz', { key: null })).status).toBe(200);
  });
});
