import { anchorsOf, daysLeft, parseBundle } from '#trust';
import type { RotationCommands } from './commands.js';
import type { CaSource } from './ports/ca-source.js';
import type { Clock } from './ports/clock.js';
import type { FleetStore, Schedule } from './ports/fleet-store.js';
import { PortError } from './ports/problem.js';
import type { Wakeups } from './ports/wakeups.js';

/** Starts rotations before the CA that issues expires. The table is the truth; the queue only ticks. */
export class Schedules {
  constructor(
    private readonly fleets: FleetStore,
    private readonly ca: CaSource,
    private readonly commands: RotationCommands,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
  ) {}

  /** Gives the queue every enabled schedule again: at start, and after a queue lost its data. */
  async restore(): Promise<void> {
    for (const schedule of await this.fleets.schedules()) await this.apply(schedule);
  }

  async apply(schedule: Schedule): Promise<void> {
    if (!schedule.enabled) return this.wakeups.removeSchedule(schedule.id);
    await this.wakeups.setSchedule(schedule.id, { cron: schedule.cron, timeZone: schedule.timeZone });
  }

  /** One tick: rotates when few enough days are left, and notes what it found either way. */
  async tick(scheduleId: string): Promise<void> {
    const schedule = await this.fleets.schedule(scheduleId);
    if (!schedule?.enabled) return this.wakeups.removeSchedule(scheduleId);
    await this.fleets.noteTick(scheduleId, this.clock.now(), await this.outcome(schedule));
  }

  private async outcome(schedule: Schedule): Promise<string> {
    try {
      const fleet = await this.fleets.fleet(schedule.fleetId);
      const left = await this.daysOfIssuer(fleet.issuingCa);
      if (left > schedule.rotateWhenDaysLeft) return `${left} days left, not due`;
      const requestedBy = `schedule ${schedule.id}`;
      const reason = `the issuing CA has ${left} days left (due at ${schedule.rotateWhenDaysLeft})`;
      // What runs out is the CA, and it runs out for every fleet that trusts it.
      const together = (await this.fleets.fleetsOn(fleet.issuingCa.id)).map(({ id }) => id);
      const request = { fleetId: fleet.id, together, requestedBy, reason };
      return `rotation ${await this.commands.start(request)} started: ${reason}`;
    } catch (error) {
      if (error instanceof PortError) return `${error.problem.message} ${error.problem.nextStep}`;
      throw error;
    }
  }

  private async daysOfIssuer(ca: Parameters<CaSource['survey']>[0]): Promise<number> {
    const { issuers, defaultIssuerId } = await this.ca.survey(ca);
    const issuer = issuers.find(({ id }) => id === defaultIssuerId);
    const [anchor] = anchorsOf(parseBundle(issuer?.certificatePem ?? ''));
    return anchor ? daysLeft(anchor.notAfter, this.clock.now()) : 0;
  }
}
