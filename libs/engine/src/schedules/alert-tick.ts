import { decideStart, endOf } from '#schedule';
import { startToNewCa } from './rotate-tick.js';
import { waitInWords } from './start.js';
import type { Tick, TickResult } from './tick.js';

/**
 * Starts the rotation that an alert asked for at `alertedAt`, as the schedule would: in its windows, and not while
 * another rotation works on the fleet. Nothing is started where the fleet was rotated since: the alert is about a CA
 * of before. Throws what starting may throw.
 */
export async function alertTick(tick: Tick, alertedAt: number): Promise<TickResult> {
  const { ports, schedule, at, now } = tick;
  const fleet = await ports.fleets.fleet(schedule.fleetId);
  if (await ports.schedules.rotatedSince(fleet.id, alertedAt)) {
    const outcome = 'the fleet was rotated since an alert asked for it: nothing is left to do';
    return { end: 'done', outcome, servedAlertAt: alertedAt };
  }
  const running = await ports.schedules.rotationOn(fleet.id);
  const verdict = decideStart({ now, tickAt: at, timetable: schedule, running });
  const asked = `an alert asked for it at ${new Date(alertedAt).toISOString()}`;
  if (verdict.kind !== 'start')
    return { end: endOf(verdict, null), outcome: `${asked}, ${waitInWords(verdict, schedule.timeZone)}` };
  const rotationId = await startToNewCa(tick, fleet, asked);
  return {
    ...{ end: 'done', outcome: `rotation ${rotationId} started: ${asked}`, servedAlertAt: alertedAt },
  };
}
