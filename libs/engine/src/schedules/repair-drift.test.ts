import { describe, expect, it } from 'vitest';
import type { DriftFinding } from '../ports/schedule-store.js';
import { repairDrift } from './repair-drift.js';
import type { Tick } from './tick.js';

/** Nothing of it is touched while nothing is started. */
const TICK = { schedule: { windows: [], timeZone: 'UTC' }, at: 0, now: 0 } as unknown as Tick;

function drifted(...codes: string[]): DriftFinding {
  const problems = codes.map((code) => ({ code, message: `edge-1: ${code}.`, nextStep: 'Look there.' }));
  const out = [{ hostId: 'h', host: 'edge-1', state: 'drifted' as const, problems }];
  return { at: '2026-11-30T03:00:00Z', inSync: false, generation: 3, hosts: 2, out };
}

describe('drift that a sync cannot put right', () => {
  it.each([
    ['a right file that is not served', ['host.not-serving'], 'host.not-serving'],
    ['files that differ', ['host.drift', 'host.torn'], 'host.torn'],
    ['a file that cannot be read', ['host.drift', 'host.path-missing'], 'host.path-missing'],
  ])('is told with its next step, and nothing is started: %s', async (_, codes, obstacle) => {
    const drift = drifted(...codes);
    expect(await repairDrift(TICK, drift, 'not in sync', null)).toEqual({
      ...{ drift, end: 'done' },
      outcome: `not in sync; it cannot be put right by itself: edge-1: ${obstacle}. Look there.`,
    });
  });

  it('is none where an edited file is not served either', async () => {
    const asked: unknown[] = [];
    const start = async (request: unknown) => {
      asked.push(request);
      return 'r1';
    };
    const tick = {
      ...TICK,
      commands: { start },
      schedule: { ...TICK.schedule, id: 's', fleetId: 'f' },
    } as unknown as Tick;
    const drift = drifted('host.drift', 'host.not-serving');
    const { outcome } = await repairDrift(tick, drift, 'not in sync', null);
    expect(outcome).toBe('rotation r1 started: not in sync');
    expect(asked).toMatchObject([{ strategy: 'sync', fleetId: 'f', reason: 'not in sync' }]);
  });
});
