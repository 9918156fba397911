import { onTheWall, suspensionInWords, type TickVerdict } from '#schedule';
import { PortError } from '../ports/problem.js';
import type { Suspension } from '../ports/schedule-store.js';
import type { RotationRequest } from '../rotation-request.js';
import type { Tick } from './tick.js';

/** A rotation of this very tick is there already: another worker was faster, or one died behind the start. */
const SERVED = ['schedule.tick-served', 'rotation.conflict'];

/**
 * Starts a rotation for the tick, or finds the one that was started for it. Throws what starting one may throw;
 * `rotation.conflict` only when another rotation is in the way.
 */
export async function startFor(
  { ports, commands, schedule, at }: Tick,
  request: Omit<RotationRequest, 'requestedBy' | 'tick'>,
): Promise<string> {
  try {
    const tick = { scheduleId: schedule.id, at };
    return await commands.start({ ...request, tick, requestedBy: `schedule ${schedule.id}` });
  } catch (error) {
    if (!(error instanceof PortError) || !SERVED.includes(error.problem.code)) throw error;
    const last = await ports.schedules.lastStarted(schedule.id);
    if (last?.tickAt === at) return last.id;
    throw error;
  }
}

/** Why nothing is started until a person resumes the schedule. */
export function suspendedInWords({ rotationId, status }: Suspension): string {
  const { message, nextStep } = suspensionInWords(rotationId, status);
  return `suspended: ${message} ${nextStep}`;
}

/** Why nothing is started now. */
export function waitInWords(verdict: Exclude<TickVerdict, { kind: 'start' }>, timeZone: string): string {
  switch (verdict.kind) {
    case 'not-due':
      return `not due before ${onTheWall(timeZone, verdict.dueAt)}`;
    case 'held':
      return `held: rotation ${verdict.by} works on the fleet`;
    case 'window-closed':
      return verdict.opensAt === null
        ? 'waiting: no window opens within two weeks'
        : `waiting: the window opens at ${onTheWall(timeZone, verdict.opensAt)}`;
    case 'out-of-window':
      return 'left out: the time is in no window';
  }
}
