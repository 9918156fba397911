import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownRoutes } from '../../apps/api/src/http/known-routes.js';
import { repositoryRoot } from '../kit/repository-root.js';
import { ACCESS_TABLE, accessTableInMarkdown, COLUMNS, type Column } from './access-table.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';

let api: RunningApi;
let keys: Readonly<Record<Column, string | null>>;
/** What stands in the place of each parameter of a path. */
let places: Readonly<Record<string, string>>;

beforeAll(async () => {
  api = await runApi();
  const rotating = await recordFleet(api);
  const [rotationId, fleetId] = [await requestRotation(api, rotating), await recordFleet(api, 0)];
  // There is no such thing: whoever is let in is told so, and nothing is removed.
  const nobody = randomUUID();
  places = {
    ...{ fleetId, rotationId, rotating },
    ...{ hostId: nobody, sampleId: nobody, scheduleId: nobody, keyId: nobody },
    ...{ webhookId: nobody, deliveryId: nobody, code: 'fleet.not-found' },
  };
  keys = await keysOf(await recordFleet(api, 0));
});

afterAll(() => api?.stop());

async function keysOf(elsewhere: string): Promise<Readonly<Record<Column, string | null>>> {
  const { apiKeys } = api.installation.records;
  const plain = async (role: 'viewer' | 'operator' | 'approver' | 'admin') =>
    (await apiKeys.create(role, `any ${role}`)).key;
  const confined = async (role: 'operator' | 'admin') =>
    (await apiKeys.create(role, `${role} elsewhere`, { fleetIds: [elsewhere] })).key;
  return {
    ...{ viewer: await plain('viewer'), operator: await plain('operator') },
    ...{ approver: await plain('approver'), admin: await plain('admin') },
    'operator elsewhere': await confined('operator'),
    'admin elsewhere': await confined('admin'),
    'expired key': await expiredKey(),
    'no key': null,
  };
}

async function expiredKey(): Promise<string> {
  const { id, key } = await api.installation.records.apiKeys.create('admin', 'expired');
  const database = new pg.Client(api.databaseUrl);
  await database.connect();
  await database.query(`UPDATE api_keys SET expires_at = now() - interval '1 minute' WHERE id = $1`, [id]);
  await database.end();
  return key;
}

/** Bodies that are wrong, so that nothing changes: they are looked at behind the gate. */
async function ask(route: string, key: string | null): Promise<string> {
  const [method = '', pattern = ''] = route.split(' ');
  const url = api.url + pattern.replace(/:(\w+)(?=[/:]|$)/g, (verb, name) => places[name] ?? verb);
  const body = route === 'POST /v1/rotations' ? { fleetId: places.rotating } : {};
  const response = await fetch(url, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  const stream = response.headers.get('content-type') === 'text/event-stream';
  const text = stream ? await response.body?.cancel().then(() => '') : await response.text();
  return gateOf(response.status, text ?? '');
}

function gateOf(status: number, text: string): string {
  const code = status >= 400 ? JSON.parse(text).code : '';
  if (status >= 500) throw new Error(text);
  const keptOut =
    status === 401 ||
    ['request.forbidden', 'request.out-of-scope', 'fleet.not-found', 'rotation.not-found'].includes(code);
  return keptOut ? String(status) : 'yes';
}

describe('who may use which route', () => {
  it('is said of every route that is served, and of no other', () => {
    const served = knownRoutes(api.app.getHttpAdapter().getInstance())
      .filter((route) => !route.path.startsWith('/docs'))
      .flatMap((route) => route.methods.map((method) => `${method.toUpperCase()} ${route.path}`));
    expect(Object.keys(ACCESS_TABLE).sort()).toEqual(served.sort());
  });

  it.each(Object.entries(ACCESS_TABLE))('%s', async (route, row) => {
    const found: string[] = [];
    for (const column of COLUMNS) found.push(await ask(route, keys[column]));
    const named = (cells: readonly string[]) => cells.map((cell, place) => `${COLUMNS[place]}: ${cell}`);
    expect(named(found)).toEqual(named(row.split(' ')));
  });

  it('stands in docs/access.md', () => {
    const page = readFileSync(path.join(repositoryRoot(), 'docs/access.md'), 'utf8');
    expect(page).toContain(accessTableInMarkdown());
  });
});
