import { decideStart, endOf } from '#schedule';
import type { Problem } from '../ports/problem.js';
import type { DriftFinding, Suspension } from '../ports/schedule-store.js';
import { startFor, suspendedInWords, waitInWords } from './start.js';
import type { Tick, TickResult } from './tick.js';

/** What a `sync` refuses: there is no one state of the host to go back to. */
const NO_WAY_BACK: readonly string[] = ['host.torn', 'host.path-missing'];

/**
 * Puts drift right with a `sync` of the fleet, where that can help and the time is right. Throws what starting one may
 * throw.
 * @param found the drift, in words
 */
export async function repairDrift(
  tick: Tick,
  drift: DriftFinding,
  found: string,
  suspended: Suspension | null,
): Promise<TickResult> {
  const { schedule, at, now } = tick;
  const say = (why: string): TickResult => ({ drift, end: 'done', outcome: `${found}; ${why}` });
  if (suspended !== null) return say(suspendedInWords(suspended));
  const [obstacle] = obstaclesOf(drift);
  if (obstacle) return say(`it cannot be put right by itself: ${obstacle.message} ${obstacle.nextStep}`);
  const verdict = decideStart({ now, tickAt: at, timetable: schedule, running: null });
  if (verdict.kind !== 'start') {
    return { ...say(waitInWords(verdict, schedule.timeZone)), end: endOf(verdict, null) };
  }
  const request = { fleetId: schedule.fleetId, strategy: 'sync', reason: found } as const;
  const rotationId = await startFor(tick, request);
  return { drift, end: 'done', outcome: `rotation ${rotationId} started: ${found}` };
}

/** What a `sync` would be refused for, or could not mend, so that it would be tried for nothing. */
function obstaclesOf({ out }: DriftFinding): readonly Problem[] {
  return out.flatMap(({ state, problems }) => {
    if (state === 'unknown') return problems;
    // The right file that is not served is for people: a host whose file is right is not reloaded.
    const edited = problems.some(({ code }) => code === 'host.drift');
    return edited ? problems.filter(({ code }) => NO_WAY_BACK.includes(code)) : problems;
  });
}
