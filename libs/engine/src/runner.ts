import {
  type Action,
  type EndStatus,
  EVENT_VERSION,
  isHostEffect,
  plan,
  type Reason,
  type RotationEvent,
  type RotationEventBody,
  type RotationState,
  reduce,
  replay,
} from '#rotation';
import type { Perform } from './perform/perform.js';
import type { Clock, Journal, JournalEntry, Lease, Wakeups } from './ports/index.js';
import { JournalConflict } from './ports/journal.js';
import { PortError } from './ports/problem.js';
import { projectionOf } from './projection.js';

/** How long a runner may be silent before another worker takes its rotation over, in milliseconds. */
const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 5_000;
/** A wait longer than this is left to a delayed wake-up, so that no worker holds a rotation that sleeps. */
const LONGEST_NAP_MS = 2_000;

export interface RunnerLog {
  info(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/**
 * Drives one rotation: state = reduce(events), then plan, then decisions and intents to the journal, then the
 * effects, until it waits, pauses or ends. Several runners may be woken for one rotation: the lease lets one
 * work, and the journal's compare-and-set refuses the other in any case.
 */
export class Runner {
  constructor(
    private readonly journal: Journal,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
    private readonly perform: Perform,
    private readonly holder: string,
    private readonly log: RunnerLog,
    /** Host effects at once. */
    private readonly parallelism = 50,
  ) {}

  /** Works on the rotation as long as there is something to do now. Safe to call at any time, from anywhere. */
  async drive(rotationId: string): Promise<void> {
    const lease = await this.journal.acquireLease(rotationId, this.holder, LEASE_MS);
    if (!lease) return;
    const renewal = this.keepRenewing(lease);
    try {
      await new Drive(this.journal, this.clock, this.perform, lease, this.parallelism).run();
    } catch (error) {
      if (!(error instanceof JournalConflict)) throw error;
      this.log.info({ rotationId, term: lease.term }, 'the journal moved on without us; looking again');
      await this.wakeups.wakeRotation(rotationId, RENEW_EVERY_MS);
    } finally {
      clearInterval(renewal);
      await this.journal.releaseLease(lease);
    }
    await this.wakeLater(rotationId);
  }

  private keepRenewing(lease: Lease): NodeJS.Timeout {
    return setInterval(() => {
      // A lost lease needs no handling here: the next append of this runner fails by its term.
      this.journal.renewLease(lease, LEASE_MS).catch((error: unknown) => {
        this.log.error({ rotationId: lease.rotationId, error }, 'the lease could not be renewed');
      });
    }, RENEW_EVERY_MS);
  }

  private async wakeLater(rotationId: string): Promise<void> {
    const state = replay(await this.journal.read(rotationId));
    if (!state) return;
    const waits = plan(state, this.clock.now()).flatMap((action) =>
      action.kind === 'wait' ? [action.until] : [0],
    );
    if (waits.length > 0) {
      await this.wakeups.wakeRotation(rotationId, Math.max(0, Math.min(...waits) - this.clock.now()));
    }
  }
}

/** One turn of a runner under one lease. */
class Drive {
  private state: RotationState | null = null;
  private running = new Map<string, Promise<void>>();
  private appending: Promise<void> = Promise.resolve();
  private failure: unknown = null;

  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly perform: Perform,
    private readonly lease: Lease,
    private readonly parallelism: number,
  ) {}

  async run(): Promise<void> {
    await this.catchUp();
    if (!this.state || this.state.ended) return;
    if (!this.hasWork()) return;
    await this.append([{ type: 'term.taken', term: this.lease.term, holder: this.lease.holder }]);
    while (await this.turn());
    await Promise.all(this.running.values());
    if (this.failure) throw this.failure;
  }

  /** A rotation that only waits for a person or for time costs no journal entry. */
  private hasWork(): boolean {
    if (!this.state) return false;
    const lost = [...this.state.effects.values()].some((record) => record.status === 'running');
    return lost || plan(this.state, this.clock.now()).some((action) => action.kind !== 'wait');
  }

  /** One look at the plan. False when this drive has nothing more to do. */
  private async turn(): Promise<boolean> {
    await this.appending;
    if (this.failure) return false;
    await this.catchUp();
    const state = this.current();
    const actions = plan(state, this.clock.now());
    const written = actions.find((action) => action.kind !== 'perform' && action.kind !== 'wait');
    if (written) {
      await this.append([eventOf(written)]);
      return true;
    }
    const started = await this.start(actions);
    if (this.running.size > 0) {
      if (started === 0) await Promise.race([...this.running.values(), this.clock.sleep(500)]);
      return true;
    }
    return started > 0 || this.nap(actions);
  }

  private async start(actions: readonly Action[]): Promise<number> {
    const room = Math.max(0, this.parallelism - this.running.size);
    const effects = actions
      .flatMap((action) => (action.kind === 'perform' ? [action.effect] : []))
      .slice(0, room);
    if (effects.length === 0) return 0;
    await this.append(effects.map((effect) => ({ type: 'effect.intended', effect })));
    const state = this.current();
    for (const effect of effects) {
      const work = this.perform
        .perform(effect, state, this.lease.term)
        .then(
          (result): RotationEventBody => ({ type: 'effect.succeeded', effectId: effect.id, result }),
          (error: unknown): RotationEventBody =>
            failed(
              effect.id,
              error,
              isHostEffect(effect) ? state.snapshot.hostNames[effect.hostId] : undefined,
            ),
        )
        .then((event) => this.append([event]))
        .catch((error: unknown) => {
          this.failure ??= error;
        })
        .finally(() => this.running.delete(effect.id));
      this.running.set(effect.id, work);
    }
    return effects.length;
  }

  private async nap(actions: readonly Action[]): Promise<boolean> {
    const waits = actions.flatMap((action) => (action.kind === 'wait' ? [action.until] : []));
    if (waits.length === 0) return false;
    const left = Math.min(...waits) - this.clock.now();
    if (left > LONGEST_NAP_MS) return false;
    await this.clock.sleep(Math.max(left, 1));
    return true;
  }

  /** Appends one after another, each on what the one before left: effects finish in any order. */
  private append(bodies: readonly RotationEventBody[]): Promise<void> {
    const next = this.appending.then(() => this.appendNow(bodies));
    this.appending = next.catch(() => undefined);
    return next;
  }

  /** A person's command may have slipped in: read on and try again; our own event is still true. */
  private async appendNow(bodies: readonly RotationEventBody[]): Promise<void> {
    const events = bodies.map((body): RotationEvent => ({ v: EVENT_VERSION, ...body }));
    for (let attempt = 1; ; attempt++) {
      const before = this.current();
      const after = events.reduce((state, event) => reduce(state, entry(state, event, this.clock)), before);
      try {
        this.fold(
          await this.journal.append(
            before.snapshot.rotationId,
            before.sequence,
            this.lease,
            events,
            projectionOf(before, after),
          ),
        );
        return;
      } catch (error) {
        const outcome = bodies.every(
          (body) => body.type === 'effect.succeeded' || body.type === 'effect.failed',
        );
        if (!(error instanceof JournalConflict) || !outcome || attempt > 5) throw error;
        await this.catchUp();
      }
    }
  }

  private async catchUp(): Promise<void> {
    this.fold(await this.journal.read(this.lease.rotationId, this.state?.sequence ?? 0));
  }

  private fold(entries: readonly JournalEntry[]): void {
    for (const next of entries) {
      if (next.sequence > (this.state?.sequence ?? 0)) this.state = reduce(this.state, next);
    }
  }

  private current(): RotationState {
    if (!this.state) throw new Error(`rotation ${this.lease.rotationId} has no journal`);
    return this.state;
  }
}

function entry(state: RotationState, event: RotationEvent, clock: Clock): JournalEntry {
  return { sequence: state.sequence + 1, at: new Date(clock.now()).toISOString(), event };
}

function eventOf(action: Action): RotationEventBody {
  switch (action.kind) {
    case 'decide':
      return { type: 'decision.made', decision: action.decision, because: action.because };
    case 'pause':
      return { type: 'rotation.paused', by: 'windlass', reason: action.reason };
    case 'end':
      return { type: 'rotation.ended', status: action.status satisfies EndStatus, because: action.because };
    default:
      throw new Error(`${action.kind} is not an entry of the journal`);
  }
}

/** Only what adapters say on purpose is shown to people; anything else is our defect and is named as one. */
function failed(effectId: string, error: unknown, hostName: string | undefined): RotationEventBody {
  if (error instanceof PortError) {
    return { type: 'effect.failed', effectId, reason: error.problem, transient: error.transient };
  }
  const where = hostName ? ` on ${hostName}` : '';
  const name = error instanceof Error ? error.name : 'unknown error';
  const reason: Reason = {
    code: 'windlass.defect',
    message: `Windlass itself failed in ${effectId}${where} (${name}).`,
    nextStep: 'Report it with the worker log; the rotation is undone or held meanwhile.',
  };
  return { type: 'effect.failed', effectId, reason, transient: false };
}
