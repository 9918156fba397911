import pLimit from 'p-limit';
import {
  type DueRule,
  dueAt,
  endOf,
  explainSchedule,
  nextTick,
  nextWindow,
  type Span,
  STOPS_AT_A_TICK,
  STOPS_BETWEEN_TICKS,
  tickAfter,
} from '#schedule';
import type { RotationCommands } from '../commands.js';
import type { Fleet } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import type { Schedule, StartedRotation, Suspension } from '../ports/schedule-store.js';
import type { Wakeups } from '../ports/wakeups.js';
import { alertTick } from './alert-tick.js';
import { driftTick } from './drift-tick.js';
import { issuerValidity } from './issuer-validity.js';
import { crlValidity, refreshTick } from './refresh-tick.js';
import { rotateTick } from './rotate-tick.js';
import { suspendedInWords } from './start.js';
import type { SchedulePorts, Tick, TickResult } from './tick.js';

/** How long a tick is left to the worker that took it. One that goes on for longer may be done twice: both look. */
const CLAIM_MS = 5 * 60_000;
const TICKS_AT_ONCE = 4;

/** What a schedule will do, for people. Times in milliseconds since the Unix epoch. */
export interface SchedulePreview {
  /** When the CA is due; null where that is no matter of its age, or nobody knows. */
  readonly dueAt: number | null;
  readonly nextWindow: Span | null;
  readonly explanation: string;
}

/** What fleets do by themselves. The table is the truth; the queue only hastens what a sweep would find. */
export class Schedules {
  constructor(
    private readonly ports: SchedulePorts,
    private readonly commands: RotationCommands,
    private readonly wakeups: Wakeups,
  ) {}

  /** Gives the queue every enabled schedule again: at start, and after a queue lost its data. */
  async restore(): Promise<void> {
    for (const schedule of await this.ports.schedules.schedules()) await this.give(schedule);
  }

  /** Makes the queue tick as the schedule is recorded, and works out its next tick where that is open. */
  async apply(scheduleId: string): Promise<void> {
    const schedule = await this.ports.schedules.schedule(scheduleId);
    if (schedule !== null) await this.give(schedule);
  }

  /** One tick of the queue. It comes at the time of the pattern, and what is to be done may be due later. */
  async tick(scheduleId: string): Promise<void> {
    const schedule = await this.ports.schedules.schedule(scheduleId);
    if (!schedule?.enabled) return this.wakeups.removeSchedule(scheduleId);
    await this.serve(schedule);
  }

  /** Does what is due, whether or not the queue ticked for it: delayed, waiting for a window, or long ago. */
  async sweep(): Promise<void> {
    const { schedules, clock } = this.ports;
    for (const { scheduleId, rotation } of await schedules.stoppedBy(STOPS_BETWEEN_TICKS))
      await schedules.suspend(scheduleId, this.suspensionBy(rotation));
    const limit = pLimit(TICKS_AT_ONCE);
    const due = await schedules.due(clock.now());
    const served = await Promise.allSettled(due.map((id) => limit(() => this.serveOne(id))));
    const failed = served.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** What the schedule will do and when; null when it was removed. Asks the CA, and says so when it does not answer. */
  async preview(scheduleId: string): Promise<SchedulePreview | null> {
    const schedule = await this.ports.schedules.schedule(scheduleId);
    if (schedule === null) return null;
    const now = this.ports.clock.now();
    const due = await this.dueOf(schedule);
    return {
      dueAt: typeof due === 'number' ? due : null,
      nextWindow: nextWindow(schedule.windows, schedule.timeZone, now),
      explanation: explainSchedule(schedule, due, now),
    };
  }

  private async give(schedule: Schedule): Promise<void> {
    if (!schedule.enabled) return this.wakeups.removeSchedule(schedule.id);
    await this.plan(schedule);
    await this.wakeups.setSchedule(schedule.id, { cron: schedule.cron, timeZone: schedule.timeZone });
  }

  private async plan({ id, nextTickAt, ...timetable }: Schedule): Promise<void> {
    if (nextTickAt !== null) return;
    const next = nextTick(id, timetable, this.ports.clock.now());
    if (next !== null) await this.ports.schedules.plan(id, next);
  }

  private async serveOne(scheduleId: string): Promise<void> {
    const schedule = await this.ports.schedules.schedule(scheduleId);
    if (schedule?.enabled) await this.serve(schedule);
  }

  private async serve(schedule: Schedule): Promise<void> {
    const { schedules, clock } = this.ports;
    const { id, nextTickAt: at } = schedule;
    if (at === null) return this.plan(schedule);
    const now = clock.now();
    if (at > now || !(await schedules.claim(id, at, now, now + CLAIM_MS))) return;
    const tick = { ports: this.ports, commands: this.commands, schedule, at, now };
    const { outcome, end, drift, servedAlertAt } = await this.resultOf(tick);
    const nextTickAt = tickAfter(id, schedule, { now: clock.now(), end });
    const served = servedAlertAt === undefined ? {} : { servedAlertAt };
    await schedules.note(id, at, { at: now, outcome, nextTickAt, ...served, ...(drift ? { drift } : {}) });
  }

  private async resultOf(tick: Tick): Promise<TickResult> {
    const { due, alertedAt } = tick.schedule;
    try {
      const suspended = await this.suspensionOf(tick.schedule);
      if (due === null) return await driftTick(tick, suspended);
      if (suspended === null && alertedAt !== null) return await alertTick(tick, alertedAt);
      const startTick = tick.schedule.kind === 'refresh' ? refreshTick : rotateTick;
      if (suspended === null) return await startTick(tick, due);
      return { end: 'done', outcome: suspendedInWords(suspended) };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      const { code } = error.problem;
      const end = code === 'rotation.conflict' ? endOf({ kind: 'held', by: '' }, due) : 'again';
      return { end, outcome: `${error.problem.message} ${error.problem.nextStep}` };
    }
  }

  /** After a failure it stops and asks, also when nobody swept since. */
  private async suspensionOf(schedule: Schedule): Promise<Suspension | null> {
    if (schedule.suspended !== null) return schedule.suspended;
    const last = await this.ports.schedules.lastStarted(schedule.id);
    if (last === null || last.id === schedule.resumedRotationId) return null;
    if (!STOPS_AT_A_TICK.includes(last.status)) return null;
    const suspension = this.suspensionBy(last);
    await this.ports.schedules.suspend(schedule.id, suspension);
    return suspension;
  }

  private suspensionBy({ id, status }: StartedRotation): Suspension {
    return { at: this.ports.clock.now(), rotationId: id, status };
  }

  private async dueOf({ kind, due, fleetId }: Schedule): Promise<number | string | null> {
    if (due === null || due.kind === 'each-time') return null;
    try {
      const fleet = await this.ports.fleets.fleet(fleetId);
      if (kind === 'refresh') return crlDue(fleet, due, this.ports.clock.now());
      return dueAt(due, await issuerValidity(this.ports.ca, fleet.issuingCa));
    } catch (error) {
      if (error instanceof PortError) return error.problem.message;
      throw error;
    }
  }
}

/** Null where no CRL of the fleet ever ends. */
function crlDue(fleet: Fleet, due: DueRule, now: number): number | null {
  const validity = crlValidity(fleet, now);
  return validity === null ? null : dueAt(due, validity);
}
