import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { waitAfter } from './backoff.js';
import { readJournal, type StreamEnd } from './journal-stream.js';

let server: Server | undefined;
afterEach(() => server?.close());

interface Heard {
  readonly end: StreamEnd;
  readonly entries: readonly string[];
  readonly opened: number;
}

async function read(answer: RequestListener, after = 0): Promise<Heard> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const entries: string[] = [];
  let opened = 0;
  const end = await readJournal({
    ...{ url: `http://127.0.0.1:${port}/events`, send: fetch, after, signal: new AbortController().signal },
    onOpen: () => {
      opened += 1;
    },
    onEntry: (data) => entries.push(data),
    whenReady: async () => undefined,
  });
  return { end, entries, opened };
}

const problem =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
    response.end(JSON.stringify({ detail: 'There is no such rotation.', nextAction: 'List them.' }));
  };

describe('the stream of a journal', () => {
  it('gives every entry, whatever pieces it comes in, and leaves the heartbeat out', async () => {
    const { end, entries, opened } = await read(async (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      for (const piece of [
        'id: 1\nevent: a\nda',
        'ta: {"é":1}\n',
        '\n: still here\n\nid: 2\ndata: two\n\n',
      ]) {
        await new Promise((resolve) => response.write(piece, resolve));
      }
      response.end();
    });
    expect([end, entries, opened]).toEqual([{ kind: 'closed' }, ['{"é":1}', 'two'], 1]);
  });

  it('takes the page of a proxy for no stream', async () => {
    const { end, opened } = await read((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Please sign in.</p>');
    });
    expect([end, opened]).toEqual([
      { kind: 'lost', why: 'Something that is not Windlass answered.', afterMs: null },
      0,
    ]);
  });

  it('says after which entry it goes on', async () => {
    const asked: (string | undefined)[] = [];
    const note: RequestListener = ({ headers }, response) => {
      asked.push(headers['last-event-id'] as string | undefined);
      response.writeHead(204).end();
    };
    expect((await read(note)).end).toEqual({ kind: 'over' });
    server?.close();
    await read(note, 7);
    expect(asked).toEqual([undefined, '7']);
  });

  it('is refused in the words of the API where coming again changes nothing', async () => {
    const why = 'There is no such rotation. List them.';
    expect((await read(problem(404))).end).toEqual({ kind: 'refused', status: 404, why });
  });

  it('is lost, and no more than that, where the server is busy or the connection breaks', async () => {
    const busy = await read(problem(503, { 'Retry-After': '3' }));
    expect(busy.end).toMatchObject({ kind: 'lost', afterMs: 3_000 });
    server?.close();
    const cut = await read((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: one\n\n', () => setImmediate(() => response.destroy()));
    });
    expect([cut.end.kind, cut.entries]).toEqual(['lost', ['one']]);
  });
});

describe('the wait before a stream is opened again', () => {
  const lost = { kind: 'lost', why: '', afterMs: null } as const;

  it('is short after the server closed it, and longer with every failure, up to a quarter of a minute', () => {
    expect(waitAfter({ kind: 'closed' }, 0, 1)).toBe(500);
    expect([1, 2, 3, 20].map((failures) => waitAfter(lost, failures, 1))).toEqual([
      1_000, 2_000, 4_000, 15_000,
    ]);
    expect(waitAfter(lost, 20, 0)).toBe(7_500);
  });

  it('is never shorter than what the server asks for', () => {
    expect(waitAfter({ ...lost, afterMs: 60_000 }, 1, 0)).toBe(60_000);
  });
});
