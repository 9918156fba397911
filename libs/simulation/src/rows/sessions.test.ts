import { describe, expect, it } from 'vitest';
import type { RotationEvent } from '#rotation';
import { isDecision } from '../faults.js';
import type { Enacted } from '../simulate.js';
import { count, eventsOf, expectEnd, inWorlds, isFailure, isIntent, isSuccess } from './scenario.js';

/** What the proofs of one transition say, a line for each probe. */
function transcripts(enacted: Enacted, transition: 'expand' | 'contract'): string[][] {
  const proved = isSuccess(new RegExp(`^${transition}\\.\\d/host\\.prove/`));
  return eventsOf(enacted).flatMap((event) => (proved(event) ? [linesOf(event)] : []));
}

function linesOf(event: RotationEvent): string[] {
  const probes = event.type === 'effect.succeeded' ? event.result.probes : [];
  return Array.isArray(probes) ? probes.map(String) : [];
}

describe('F16: the TLS sessions of clients of the removed CA', () => {
  it('F16: saved before the switch, refused behind it, and told of, host by host; an expand pays nothing', async () => {
    await inWorlds(2, {}, (enacted) => {
      expectEnd(enacted, 'succeeded');
      const contract = transcripts(enacted, 'contract');
      expect(contract).toHaveLength(4);
      for (const lines of contract) {
        const told = lines.join('\n');
        for (const kind of ['TLS 1.2 session id', 'TLS 1.2 ticket', 'TLS 1.3 ticket'])
          expect(told).toContain(`a client of the old CA with its ${kind} of before the switch refused`);
        expect(told).toContain('a client of a rogue CA that is called CN=Simulated CA 1 refused');
        expect(told).toContain('a client of a rogue CA that is called CN=Simulated CA 2 refused');
      }
      expect(transcripts(enacted, 'expand').join('\n')).not.toMatch(/session|rogue/);
    });
  });

  it('F16: one host takes them up: all trust both again, paused, and a resume ends it', async () => {
    await inWorlds(
      2,
      {
        arrange: (world) => {
          const { troubles } = world.hostAt(2);
          troubles.keepsSessions = true;
          world.once(isDecision('revert', 'contract'), () => {
            troubles.keepsSessions = false;
          });
        },
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        expect(count(enacted, isDecision('revert', 'contract'))).toBe(1);
        const failed = eventsOf(enacted).find(isFailure(/^contract\.1\/host\.prove\/host-3$/));
        expect(failed).toMatchObject({ reason: { code: 'probe.session-lives-on' } });
      },
    );
  });

  it('F16: lost with their worker: the proof says so, and rests on marker and fresh probes', async () => {
    await inWorlds(
      2,
      {
        arrange: (world) =>
          world.once(isIntent(/^contract\.1\/host\.commit\//), () => {
            for (const scope of ['coordinator', 'batch/0', 'batch/1'] as const) world.crashHolder(scope, 500);
          }),
      },
      (enacted) => {
        expectEnd(enacted, 'succeeded');
        const lines = transcripts(enacted, 'contract').flat();
        expect(lines.join('\n')).toContain(
          'went with the worker that held them; the marker and fresh probes',
        );
      },
    );
  });
});
