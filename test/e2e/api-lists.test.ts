import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aHostBody, aSampleBody, aScheduleBody } from './bodies.js';
import { PlayedWorker } from './played-worker.js';
import { ANY_STATE, recordFleet, requestRotation } from './recording.js';
import { type Reply, type RunningApi, runApi } from './running-api.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const ids = ({ body }: Reply): string[] => body.items.map(({ id }: { id: string }) => id);

/** Every page from the first on; `between` is done behind each. */
async function walk(path: string, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await api.call('GET', `${path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.status, page.text).toBe(200);
    found.push(...ids(page));
    cursor = page.body.nextCursor;
    await between();
  }
  return found;
}

describe('a list that can grow', () => {
  it.each([
    ['hosts', async () => aHostBody()],
    ['samples', () => aSampleBody()],
    ['schedules', async () => aScheduleBody()],
  ])('of %s comes page by page, whatever is added and removed meanwhile', async (list, body) => {
    const path = `/v1/fleets/${await recordFleet(api, 0)}/${list}`;
    const add = async (): Promise<string> => (await api.call('POST', path, { body: await body() })).body.id;
    const there = [await add(), await add(), await add(), await add(), await add()];
    let added = 0;
    const found = await walk(path, async () => {
      if (added++ === 0) await add();
      await api.call('DELETE', `${path}/${there[0]}`);
    });
    expect(found.slice(0, 5)).toEqual(there);
    expect(new Set(found).size).toBe(6);
    const bad = await api.call('GET', `${path}?cursor=abc`);
    expect([bad.status, bad.body.code]).toEqual([400, 'page.bad-cursor']);
  });

  it('of keys has the revoked ones, each once', async () => {
    const { apiKeys } = api.installation.records;
    const made: string[] = [];
    for (const label of ['a', 'b', 'c']) made.push((await apiKeys.create('viewer', label)).id);
    await api.call('DELETE', `/v1/api-keys/${made[1]}`);
    const found = await walk('/v1/api-keys');
    expect(found.filter((id) => made.includes(id))).toEqual(made);
  });

  it('of generations begins with the newest', async () => {
    const fleetId = await recordFleet(api, 1);
    const { fleets } = api.installation.parts;
    const [oldest] = (await api.call('GET', `/v1/fleets/${fleetId}/generations`)).body.items;
    for (const digest of ['a', 'b', 'c']) {
      const content = `# ${digest}`;
      await fleets.addGeneration(fleetId, { content, digest: digest.repeat(64), marker: null });
    }
    const path = `/v1/fleets/${fleetId}/generations`;
    const all = (await api.call('GET', path)).body.items;
    expect(all.map(({ number }: { number: number }) => number)).toEqual([4, 3, 2, 1]);
    expect(await walk(path)).toEqual(all.map(({ id }: { id: string }) => id));
    expect(all.at(-1)).toEqual(oldest);
  });
});

describe('a filter', () => {
  it('finds the host of a name', async () => {
    const path = `/v1/fleets/${await recordFleet(api, 3)}/hosts`;
    const [first] = (await api.call('GET', path)).body.items;
    expect(ids(await api.call('GET', `${path}?name=${first.name}`))).toEqual([first.id]);
    expect(ids(await api.call('GET', `${path}?name=nobody`))).toEqual([]);
  });

  it('finds the rotations of a strategy', async () => {
    const fleetId = await recordFleet(api, 1);
    const start = async (strategy: string): Promise<string> => {
      const { body } = await api.call('POST', '/v1/rotations', { body: { fleetId, strategy } });
      await api.call('POST', `/v1/rotations/${body.id}:abort`, {
        headers: ANY_STATE,
        body: { reason: 'next' },
      });
      await new PlayedWorker(api.installation, body.id).play(() => false);
      return body.id;
    };
    const [sync, overlap] = [await start('sync'), await start('overlap')];
    const list = async (query: string) =>
      ids(await api.call('GET', `/v1/rotations?fleetId=${fleetId}&${query}`));
    expect(await list('strategy=sync')).toEqual([sync]);
    expect(await list('strategy=sync&strategy=overlap')).toEqual([overlap, sync]);
    expect(await list('strategy=distrust')).toEqual([]);
    expect(await list('strategy=sync&status=running')).toEqual([]);
    const unknown = await api.call('GET', '/v1/rotations?strategy=none');
    expect(unknown.body).toMatchObject({ code: 'request.invalid', errors: [{ parameter: 'strategy' }] });
  });
});

describe('the history of a rotation', () => {
  it('has everything of a rotation that went all its way, however deep', async () => {
    const fleetId = await recordFleet(api, 2, { soakSeconds: 0, contractWhen: 'soaked' });
    const id = await requestRotation(api, fleetId);
    await new PlayedWorker(api.installation, id).play(() => false);
    const all = await api.call('GET', `/v1/rotations/${id}/history?limit=200&fields=all`);
    expect(all.body.items.at(-1)).toMatchObject({ type: 'rotation.ended' });
    const recorded = await api.installation.parts.journal.read(id);
    expect(all.body.items.map(({ event }: { event: object }) => event)).toEqual(
      JSON.parse(JSON.stringify(recorded.map(({ event }) => event))),
    );
  });

  it('is what happened when, page by page, and all of it on demand', async () => {
    const id = await requestRotation(api, await recordFleet(api, 1));
    await new PlayedWorker(api.installation, id).play((state) => state.decisions.size === 1);
    const path = `/v1/rotations/${id}/history`;
    const first = await api.call('GET', `${path}?limit=2`);
    expect(first.body.items).toMatchObject([{ sequence: 1, type: 'rotation.requested' }, { sequence: 2 }]);
    expect(Object.keys(first.body.items[0]).sort()).toEqual(['at', 'sequence', 'type']);
    const next = await api.call('GET', `${path}?limit=200&cursor=${first.body.nextCursor}`);
    expect([next.body.items[0].sequence, next.body.nextCursor]).toEqual([3, null]);
    const all = await api.call('GET', `${path}?limit=1&fields=all`);
    expect(all.body.items[0].event).toMatchObject({ snapshot: { rotationId: id } });
    for (const query of ['cursor=x', 'fields=some', 'cursor=-1']) {
      expect((await api.call('GET', `${path}?${query}`)).status, query).toBe(400);
    }
    expect((await api.call('GET', '/v1/rotations/nobody/history')).body.code).toBe('rotation.not-found');
  });
});
