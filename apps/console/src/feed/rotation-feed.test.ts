import { afterEach, describe, expect, it, vi } from 'vitest';
import { RotationFeed } from './rotation-feed.js';

afterEach(() => vi.unstubAllGlobals());

const entry = (sequence: number) => {
  const event = { type: 'rotation.of-a-later-release' };
  return `data: ${JSON.stringify({ sequence, at: '2026-11-29T00:00:00Z', event })}\n\n`;
};

/** A journal that this page does not understand: one entry, and 40 more once that was told. */
function followed() {
  vi.stubGlobal('requestAnimationFrame', (work: () => void) => setTimeout(work, 0));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  let asked = 0;
  let out: ReadableStreamDefaultController<Uint8Array> | undefined;
  let signal: AbortSignal | undefined;
  const send = async (request: Request) => {
    asked += 1;
    signal = request.signal;
    return new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          out = controller;
          controller.enqueue(new TextEncoder().encode(entry(1)));
        },
      }),
      { headers: { 'Content-Type': 'text/event-stream' } },
    );
  };
  const feed = new RotationFeed('http://127.0.0.1/events', send);
  const more = () => {
    for (let sequence = 2; sequence <= 41; sequence += 1) {
      out?.enqueue(new TextEncoder().encode(entry(sequence)));
    }
  };
  return { feed, more, asked: () => asked, isLetGo: () => signal?.aborted === true };
}

describe('a journal that this page does not understand', () => {
  it('is said to be so, in the words of the first fault, and is not asked for again', async () => {
    const { feed, more, asked, isLetGo } = followed();
    feed.start();
    await vi.waitFor(() => expect(feed.snapshot().connection.kind).toBe('unreadable'));
    const said = feed.snapshot().connection;
    more();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(feed.snapshot().connection).toEqual(said);
    expect(isLetGo()).toBe(true);
    feed.stop();
    feed.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect([feed.snapshot().connection, asked()]).toEqual([said, 1]);
    feed.stop();
  });
});
