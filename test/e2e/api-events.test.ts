import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EVENT_VERSION, type RotationEvent, type RotationEventBody } from '#rotation';
import { OneConnection } from './one-connection.js';
import { recordFleet, requestRotation } from './recording.js';
import { type RunningApi, runApi } from './running-api.js';
import { openStream } from './sse.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});

afterAll(() => api?.stop());

const ENDED: RotationEventBody = { type: 'rotation.ended', status: 'cancelled', because: 'a test ended it' };

/** Writes to the journal as a worker does. */
async function append(id: string, sequence: number, ...bodies: RotationEventBody[]): Promise<void> {
  const ended = bodies.some(({ type }) => type === 'rotation.ended');
  const events = bodies.map((body) => ({ v: EVENT_VERSION, ...body }) as RotationEvent);
  await api.installation.parts.journal.append({
    ...{ rotationId: id, expectedSequence: sequence, lease: null, events, notAfter: null },
    projection: {
      ...{ status: ended ? 'cancelled' : 'running', phase: 'preflight', ended },
      ...{ fleets: [], decommissionedHostId: null, rotated: false, rehearsed: false },
      ...{ distrusted: [], retrusted: [], observed: [] },
    },
  });
}

function term(number: number): RotationEventBody {
  return { type: 'term.taken', term: number, scope: 'coordinator', holder: 'a test' };
}

async function newRotation(): Promise<string> {
  return requestRotation(api, await recordFleet(api));
}

const follow = (id: string, headers = {}, query = '') =>
  openStream(`${api.url}/v1/rotations/${id}/events${query}`, api.adminKey, headers);

describe('the events of a rotation', () => {
  it('are replayed from the first, come as they happen, and end with the end', async () => {
    const id = await newRotation();
    await append(id, 1, term(1));
    const stream = await follow(id);
    expect([stream.status, stream.contentType]).toEqual([200, 'text/event-stream']);
    expect([await stream.next(), await stream.next()]).toMatchObject([
      { id: '1', event: 'rotation.requested' },
      { id: '2', event: 'term.taken' },
    ]);
    const before = performance.now();
    await append(id, 2, term(2));
    const live = await stream.next();
    expect(JSON.parse(live?.data ?? '')).toMatchObject({
      sequence: 3,
      event: { type: 'term.taken', term: 2 },
    });
    expect(performance.now() - before).toBeLessThan(2_000);
    await append(id, 3, term(3), ENDED);
    expect((await stream.rest()).map(({ id, event }) => `${id} ${event}`)).toEqual([
      '4 term.taken',
      '5 rotation.ended',
    ]);
  });

  it('begin after Last-Event-ID, which may come in the query, and the header wins', async () => {
    const id = await newRotation();
    await append(id, 1, term(1), term(2), ENDED);
    const idsFrom = async (headers = {}, query = '') =>
      (await (await follow(id, headers, query)).rest()).map((event) => event.id);
    expect(await idsFrom()).toEqual(['1', '2', '3', '4']);
    expect(await idsFrom({ 'Last-Event-ID': '2' })).toEqual(['3', '4']);
    expect(await idsFrom({}, '?lastEventId=3')).toEqual(['4']);
    expect(await idsFrom({ 'Last-Event-ID': '1' }, '?lastEventId=3')).toEqual(['2', '3', '4']);
    expect(await idsFrom({ 'Last-Event-ID': '' })).toEqual(['1', '2', '3', '4']);
  });

  it('are none when all is known: an EventSource is told to stop', async () => {
    const id = await newRotation();
    await append(id, 1, ENDED);
    expect((await follow(id, { 'Last-Event-ID': '2' })).status).toBe(204);
  });

  it.each(['abc', '-1', '1.5', '99', '1e3', '9'.repeat(30), '1; 2'])(
    'with Last-Event-ID %j are refused',
    async (lastEventId) => {
      const reply = await api.call('GET', `/v1/rotations/${await newRotation()}/events`, {
        headers: { 'Last-Event-ID': lastEventId },
      });
      expect([reply.status, reply.body.code]).toEqual([400, 'request.malformed-event-id']);
    },
  );

  it('of no rotation are a 404 before any stream', async () => {
    const reply = await api.call('GET', '/v1/rotations/0193a1c0-7b3e-7000-8000-000000000000/events');
    expect([reply.status, reply.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('reach several followers, and a client that goes leaves nothing behind', async () => {
    const id = await newRotation();
    const forgotten = vi.fn();
    const { journal } = api.installation.parts;
    const onAppend = journal.onAppend.bind(journal);
    const spy = vi.spyOn(journal, 'onAppend').mockImplementation(async (...args) => {
      const forget = await onAppend(...args);
      return async () => {
        forgotten();
        await forget();
      };
    });
    const streams = await Promise.all([follow(id), follow(id), follow(id)]);
    for (const stream of streams) expect((await stream.next())?.id).toBe('1');
    streams[0]?.close();
    await vi.waitFor(() => expect(forgotten).toHaveBeenCalledTimes(1));
    await append(id, 1, ENDED);
    for (const stream of streams.slice(1)) expect((await stream.rest()).at(-1)?.event).toBe('rotation.ended');
    expect(forgotten).toHaveBeenCalledTimes(3);
    spy.mockRestore();
    const cut = api.logLines.map((line) => JSON.parse(line)).filter((line) => line.cut === true);
    expect(cut).toMatchObject([{ route: '/v1/rotations/:rotationId/events' }]);
  });

  it('come even when no hint ever does', async () => {
    const id = await newRotation();
    const { journal } = api.installation.parts;
    const spy = vi.spyOn(journal, 'onAppend').mockResolvedValue(async () => undefined);
    const stream = await follow(id);
    await stream.next();
    await append(id, 1, ENDED);
    expect((await stream.next())?.event).toBe('rotation.ended');
    spy.mockRestore();
  });

  it('say that they are alive while nothing happens', async () => {
    const id = await newRotation();
    const stream = await follow(id);
    await stream.next();
    expect(await stream.next()).toMatchObject({ id: '', comment: 'still here' });
    stream.close();
  });

  it('a slow reader is waited for, and gets all of them', async () => {
    const id = await newRotation();
    const bulk = 'x'.repeat(60_000);
    for (let sequence = 1; sequence < 60; sequence++) {
      await append(id, sequence, { type: 'term.taken', scope: 'coordinator', term: sequence, holder: bulk });
    }
    await append(id, 60, ENDED);
    const events = await (await follow(id)).rest();
    expect(events.map((event) => Number(event.id))).toEqual(
      Array.from({ length: 61 }, (_, index) => index + 1),
    );
  });
});

describe('an API that stops', () => {
  it('ends its streams at once, and leaves the installation to its opener', async () => {
    const own = await runApi();
    const id = await requestRotation(own, await recordFleet(own));
    const stream = await openStream(`${own.url}/v1/rotations/${id}/events`, own.adminKey);
    await stream.next();
    const before = performance.now();
    await own.app.close();
    expect(await stream.next()).toBeNull();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(own.installation.dataSource.isInitialized).toBe(true);
    expect((await own.installation.commands.read(id)).sequence).toBe(1);
    await own.stop();
  });

  it('lets a client that comes on a connection of before go again, which an EventSource follows', async () => {
    const own = await runApi();
    const id = await requestRotation(own, await recordFleet(own));
    const watched = vi.spyOn(own.installation.parts.journal, 'onAppend');
    const headers = { Authorization: `Bearer ${own.adminKey}`, 'If-None-Match': '"1"' };
    const connection = new OneConnection(own.url, headers);
    const waits = connection.get(`/v1/rotations/${id}?wait=60s`);
    await vi.waitFor(() => expect(watched).toHaveBeenCalledTimes(1));
    const follows = connection.get(`/v1/rotations/${id}/events`);
    await own.stop();
    expect((await waits).status).toBe(304);
    expect(await follows).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
    connection.close();
    // Far less than a stream lasts.
  }, 30_000);
});
