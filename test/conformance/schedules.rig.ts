import {
  type HostGateway,
  type IssuingCa,
  PortError,
  type Probe,
  RotationCommands,
  type Schedule,
  Schedules,
  Wakeups,
} from '#engine';
import type { RotationStatus } from '#rotation';
import { makeCa } from '../kit/pki.js';
import { anAppend, type RecordedFleet, RUNNING } from '../kit/stored-fleet.js';
import type { JournalServer, PlannedSchedule } from './journal.backends.js';

export const DAY_MS = 86_400_000;

/** A queue that takes everything and never ticks. */
export class LostQueue extends Wakeups {
  override async wakeRotation(): Promise<void> {}
  override async wakeBatch(): Promise<void> {}
  override async answers(): Promise<void> {}
  override async setSchedule(): Promise<void> {}
  override async removeSchedule(): Promise<void> {}
  override async consume(): Promise<void> {}
  override async close(): Promise<void> {}
}

/** Workers that tick schedules of one fleet, on a clock that the test moves, with a CA that says what it likes. */
export class ScheduleRig {
  now = Date.UTC(2026, 10, 29, 4, 20);
  /** What hosts have on disk, in every managed file; null: one that cannot be read. */
  digests: (string | null)[] = [];
  /** What the first host has in a second managed file, where it has one. */
  second: string | null = null;
  /** The last host does not answer. */
  away = false;
  surveys = 0;
  /** What the CA gives as its CRL. */
  crlPem = '';
  private certificatePem = '';

  private constructor(
    readonly server: JournalServer,
    readonly fleet: RecordedFleet,
    readonly scheduleId: string,
  ) {}

  /** A schedule at 03:00 UTC; the CA has 90 days left, and all hosts are as recorded. */
  static async open(server: JournalServer, over: Partial<PlannedSchedule> = {}): Promise<ScheduleRig> {
    const fleet = await server.addFleet();
    const rig = new ScheduleRig(server, fleet, await server.addSchedule(fleet.id, over));
    rig.digests = [fleet.generation.digest, fleet.generation.digest];
    await rig.issuerWith(90);
    await rig.worker().restore();
    return rig;
  }

  /** The CA has so many days left from now on. */
  async issuerWith(days: number): Promise<void> {
    const ca = await makeCa({
      commonName: 'the CA',
      notBefore: this.now - 300 * DAY_MS,
      notAfter: this.now + days * DAY_MS,
    });
    this.certificatePem = ca.certificatePem;
  }

  worker(): Schedules {
    const { journal, rotations, fleets, schedules, observations } = this.server;
    const now = () => this.now;
    const clock = { now, monotonic: now, sleep: async () => undefined };
    const ca = { survey: async ({ id }: IssuingCa) => this.survey(id), crl: async () => this.crlPem };
    const hosts = { observe: async ({ id }: { id: string }) => this.observe(id) } as unknown as HostGateway;
    const probe = { servedCaNames: async () => null } as unknown as Probe;
    const commands = new RotationCommands(fleets, rotations, journal, new LostQueue(), clock);
    return new Schedules(
      { schedules, fleets, ca, hosts, probe, clock, observations },
      commands,
      new LostQueue(),
    );
  }

  async schedule(): Promise<Schedule> {
    const schedule = await this.server.schedules.schedule(this.scheduleId);
    if (schedule === null) throw new Error('the schedule is gone');
    return schedule;
  }

  /** The rotation that the schedule started last. */
  async started(): Promise<string | null> {
    return (await this.server.schedules.lastStarted(this.scheduleId))?.id ?? null;
  }

  async outcome(): Promise<string> {
    return (await this.server.noteOf(this.scheduleId)).outcome ?? '';
  }

  /** The next tick has come, and one worker does what is due. */
  async nextTick(): Promise<string> {
    this.now = (await this.schedule()).nextTickAt ?? this.now;
    await this.worker().sweep();
    return this.outcome();
  }

  /** The rotation stands so from now on. */
  async become(rotationId: string, status: RotationStatus): Promise<void> {
    const ended = !['paused', 'blocked', 'running'].includes(status);
    const entries = await this.server.journal.read(rotationId);
    const projection = { ...RUNNING, status, ended };
    await this.server.journal.append(anAppend(rotationId, entries.length, { projection }));
  }

  /** Workers also tick what other tests have left behind; only the own CA is counted. */
  private async survey(caId: string) {
    const { issuingCa } = await this.server.fleets.fleet(this.fleet.id);
    if (issuingCa.id === caId) this.surveys += 1;
    const issuer = { id: 'i', name: 'i', certificatePem: this.certificatePem, usage: [] };
    return {
      product: 'a test',
      defaultIssuerId: 'i',
      defaultFollowsLatest: false,
      roles: [],
      issuers: [issuer],
    };
  }

  private async observe(hostId: string) {
    const { hosts } = await this.server.fleets.fleet(this.fleet.id);
    const at = hosts.findIndex(({ id }) => id === hostId);
    if (this.away && at === hosts.length - 1) throw unreachable(hostId);
    const files = [{ path: '/etc/nginx/clients.pem', digest: this.digests[at] }];
    if (this.second !== null && at === 0) files.push({ path: '/etc/nginx/more.pem', digest: this.second });
    return { files };
  }
}

function unreachable(host: string): PortError {
  const nextStep = 'Check that it is up.';
  return new PortError({ code: 'host.unreachable', message: `${host} cannot be reached.`, nextStep });
}
