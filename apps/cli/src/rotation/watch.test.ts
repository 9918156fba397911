import { describe, expect, it } from 'vitest';
import { connect } from '#api-client';
import { watch } from './watch.js';

const ROTATION = {
  ...{ id: 'r', fleetName: 'edge', otherFleets: [], strategy: 'sync', status: 'running', phase: 'expand' },
  ...{ phaseSince: '2026-11-29T12:00:00Z', updatedAt: '2026-11-29T12:00:01Z', endedAt: null },
  ...{ explanation: 'Switching.', hosts: [], approval: null },
};
const ENDED = { ...ROTATION, status: 'succeeded', phase: 'done', endedAt: '2026-11-29T12:01:00Z' };
const away = () => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
};
const problem = (status: number) =>
  Response.json(
    { code: 'x', detail: 'No.', nextAction: 'Wait.', status },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );

/** Watches an API that answers so, one after the other, the last for ever. */
async function watched(answers: readonly (() => Response)[], live = false) {
  const left = [...answers];
  const [printed, drawn]: [string[], string[]] = [[], []];
  let now = 0;
  const client = connect({
    ...{ url: 'http://api.test', key: 'k' },
    fetch: async () => ((left.length > 1 ? left.shift() : left[0]) ?? away)(),
  });
  const code = watch(client, 'r', {
    ...{ live, colour: false, open: async () => undefined, clear: () => undefined, now: () => now },
    redraw: (text) => void drawn.push(text),
    print: (text) => void printed.push(text),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  });
  return { code: await code, printed, drawn };
}

describe('a watch', () => {
  const running = () => Response.json(ROTATION);
  const ended = () => Response.json(ENDED);

  it('goes on when an API that was away, or busy, is back, and says once that it was', async () => {
    const { code, printed } = await watched([running, away, away, () => problem(503), ended]);
    expect(code).toBe(0);
    expect(printed).toEqual([
      '2026-11-29T12:00:01Z running expand: Switching.',
      expect.stringMatching(
        /^the API gives no answer: connect ECONNREFUSED.* Trying again; the rotation goes on/,
      ),
      '2026-11-29T12:00:01Z succeeded done: Switching.',
    ]);
  });

  it('says so below the tree in a terminal', async () => {
    const { code, printed, drawn } = await watched([running, away, ended], true);
    expect(code).toBe(0);
    expect(drawn[1]).toMatch(/^◐ sync of edge[\s\S]*\n\nthe API gives no answer/);
    expect(printed).toEqual([expect.stringMatching(/^✔ sync of edge {2}succeeded/)]);
  });

  it('ends when the API is away for five minutes, and at once for what patience does not mend', async () => {
    await expect(watched([running, away])).rejects.toThrow('fetch failed');
    await expect(watched([running, () => problem(404)])).rejects.toThrow('x: No. Wait.');
  });
});
