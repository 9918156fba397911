import { describe, expect, it } from 'vitest';
import { connect } from '#api-client';
import type { RotationPlan } from './plan.js';
import { start } from './start-rotation.js';

const PLAN: RotationPlan = {
  ...{ strategy: 'sync', fleets: [], waves: [[{ hostId: 'h', name: 'edge-1', fleetId: 'f' }]] },
  ...{ phases: [], trustDiff: null, blocks: [], warnings: [] },
};
const ROTATION = {
  ...{ id: 'r', fleetName: 'edge', otherFleets: [], strategy: 'sync', status: 'pending', phase: 'preflight' },
  ...{ phaseSince: '2026-11-29T12:00:00Z', explanation: 'Waiting.', hosts: [] },
};

interface Situation {
  readonly present?: boolean;
  readonly answer?: string;
  readonly plan?: unknown;
  readonly values?: { readonly plan?: boolean; readonly yes?: boolean };
}

/** What was sent, said and asked. */
async function started({ present = true, answer = '', plan = PLAN, values = {} }: Situation) {
  const [sent, said, asked, shown]: [string[], string[], string[], unknown[]] = [[], [], [], []];
  const client = connect({
    ...{ url: 'http://api.test', key: 'k' },
    fetch: async ({ url }) => {
      sent.push(new URL(url).search);
      return Response.json(url.includes('dryRun') ? plan : ROTATION);
    },
  });
  const desk = {
    ...{ env: {}, print: () => undefined, complain: (line: string) => void said.push(line) },
    screen: {
      ...{ live: false, colour: false, open: async () => undefined, redraw: () => undefined },
      ...{ clear: () => undefined, print: () => undefined, now: () => 0, sleep: async () => undefined },
    },
    person: {
      present,
      ask: async (question: string) => {
        asked.push(question);
        return answer;
      },
    },
    waitingFor: () => undefined,
  };
  const all = { plan: false, watch: false, output: 'table', ...values };
  const call = { client, desk, values: all, show: (value: unknown) => void shown.push(value) };
  const code = await start(call, 'edge', { fleetId: 'f', strategy: 'sync' });
  return { code, sent, said: said.join('\n'), asked, shown };
}

describe('a rotation that is started', () => {
  it('begins in a terminal with its plan and a question', async () => {
    const { code, sent, said, asked, shown } = await started({ answer: 'y' });
    expect([code, sent]).toEqual([0, ['?dryRun=true', '']]);
    expect(said).toContain('wave 0 (canary): edge-1');
    expect(asked).toEqual(['Start it for edge? [y/N] ']);
    expect(shown).toEqual([ROTATION]);
  });

  it('does not begin when the answer is another one', async () => {
    const { code, sent } = await started({ answer: 'n' });
    expect([code, sent]).toEqual([1, ['?dryRun=true']]);
  });

  it.each([
    ['in a pipe', { present: false }],
    ['with --yes', { values: { yes: true } }],
  ])('asks nothing %s', async (_where, situation) => {
    const { code, sent, asked } = await started(situation);
    expect([code, sent, asked]).toEqual([0, [''], []]);
  });

  it('is only planned with --plan, and ends with 1 where it would be refused', async () => {
    const blocks = [{ code: 'c', message: 'm', nextStep: 'n' }];
    expect(await started({ values: { plan: true } })).toMatchObject({
      ...{ code: 0, sent: ['?dryRun=true'], shown: [PLAN], asked: [] },
    });
    expect(await started({ values: { plan: true }, plan: { ...PLAN, blocks } })).toMatchObject({ code: 1 });
  });

  it('does not begin where the API gives something else for a plan', async () => {
    await expect(started({ plan: ROTATION, answer: 'y' })).rejects.toThrow('a reply that is no plan');
  });
});
