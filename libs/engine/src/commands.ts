import { randomUUID } from 'node:crypto';
import {
  activeHosts,
  actorId,
  awaitsApproval,
  EVENT_VERSION,
  failingEffects,
  hostsInTheWay,
  isGateOpen,
  isHeld,
  keepsCrls,
  type RotationEvent,
  type RotationEventBody,
  type RotationState,
  reduce,
  trustDiffDigest,
  usageVerdict,
} from '#rotation';
import { notAwaited, otherTrustDiff, ownRequest } from './approval-refusals.js';
import { askedFleets } from './asked-fleets.js';
import {
  ended,
  gateOpen,
  held,
  lastHost,
  notBlocked,
  nothingToRetry,
  notPaused,
  overtaken,
  RotationChanged,
  tooLate,
} from './command-refusals.js';
import { FoldedRotations } from './folded-rotations.js';
import type { Clock } from './ports/clock.js';
import type { FleetStore } from './ports/fleet-store.js';
import { type Journal, JournalConflict } from './ports/journal.js';
import { PortError } from './ports/problem.js';
import { GenerationSuperseded, ResourceHeld, type RotationStore } from './ports/rotation-store.js';
import { type Tracing, UNTRACED } from './ports/tracing.js';
import type { Wakeups } from './ports/wakeups.js';
import { projectionOf } from './projection.js';
import { locksOf, type RotationRequest, snapshotOf } from './rotation-request.js';

/** Who wants something of which rotation. */
export interface Wish {
  readonly rotationId: string;
  readonly by: string;
  /**
   * Revision of the rotation that the wish is based on; left out: whatever it is. Another one throws
   * {@link RotationChanged}, and nothing is written.
   */
  readonly revision?: number | undefined;
}

/** How often a rotation is asked for anew whose fleets changed meanwhile. */
const MOST_STARTS = 3;

/** What people and schedules may ask for. Every command is an entry of the journal and a wake-up, nothing else. */
export class RotationCommands {
  private readonly folded: FoldedRotations;

  constructor(
    private readonly fleets: FleetStore,
    private readonly rotations: RotationStore,
    private readonly journal: Journal,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
    /** Ids of new rotations. */
    private readonly newId: () => string = randomUUID,
    private readonly tracing: Tracing = UNTRACED,
  ) {
    this.folded = new FoldedRotations(journal);
  }

  /**
   * Records a rotation and wakes a worker. Throws PortError `fleet.not-found`, `fleet.no-hosts`,
   * `host.no-probe-targets`, `ca.shared` and `ca.not-shared` naming the other fleets, `rotation.conflict` naming
   * who holds the fleet, the host or the issuing CA or (transient) which fleet other rotations changed each time,
   * and what {@link checkStrategy} throws. Under an id that it gave before, it is the rotation that was started then.
   */
  async start(request: RotationRequest): Promise<string> {
    const rotationId = request.rotationId ?? this.newId();
    const known = request.rotationId !== undefined && (await this.rotations.summary(rotationId)) !== null;
    if (!known) await this.record(rotationId, request);
    await this.wakeups.wakeRotation(rotationId);
    return rotationId;
  }

  private async record(rotationId: string, request: RotationRequest): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.create(rotationId, request);
      } catch (error) {
        if (error instanceof ResourceHeld) throw held(error);
        if (!(error instanceof GenerationSuperseded)) throw error;
        if (attempt >= MOST_STARTS) throw overtaken(error);
      }
    }
  }

  /** Of the fleets as they are read now. */
  private async create(rotationId: string, request: RotationRequest): Promise<void> {
    const { fleet, others, course } = await askedFleets(this.fleets, request);
    const snapshot = snapshotOf(fleet, others, rotationId, request, {
      installation: await this.rotations.installation(),
      epoch: await this.rotations.nextEpoch(),
      traceparent: this.tracing.origin(),
    });
    await this.rotations.create(
      {
        ...{ id: rotationId, fleetId: fleet.id, otherFleetIds: others.map(({ id }) => id) },
        ...{ epoch: snapshot.epoch, tick: request.tick },
        locks: locksOf([fleet, ...others], course.movesCa),
      },
      { v: EVENT_VERSION, type: 'rotation.requested', snapshot },
    );
  }

  /** Asks for the way back. Throws `rotation.too-late` once the fleet decided, and what every {@link Wish} may throw. */
  async abort(wish: Wish & { because: string }): Promise<void> {
    await this.command(wish, (state) => {
      if (state.abort) return null;
      const decided = state.decisions.has('outcome/expand.1') || state.decisions.has('contract.1');
      if (decided) throw tooLate(state);
      return { type: 'abort.requested', by: wish.by, because: wish.because };
    });
  }

  /** Holds the rotation at the next place where all hosts are on one side; a switch under way is ended first. */
  async pause(wish: Wish & { because: string }): Promise<void> {
    await this.command(wish, (state) => {
      if (state.paused) return null;
      const reason = {
        code: 'rotation.paused-by-person',
        message: wish.because,
        nextStep: 'Resume it when the reason is gone.',
      };
      return { type: 'rotation.paused', by: wish.by, reason };
    });
  }

  /** Lets a paused rotation go on, and try again what failed. Throws `rotation.not-paused`. */
  async resume(wish: Wish): Promise<void> {
    await this.command(wish, (state) => {
      if (state.paused) return { type: 'rotation.resumed', by: wish.by };
      throw notPaused(state);
    });
  }

  /** Tries again at once what waits for its next try, or its next look. Throws `rotation.nothing-to-retry`. */
  async retry(wish: Wish): Promise<void> {
    await this.command(wish, (state) => {
      const failing = failingEffects(state).some(({ status }) => status === 'failed');
      const waiting = failing || usageVerdict(state)?.open === false;
      if ((waiting && !isHeld(state)) || keepsCrls(state)) return { type: 'retry.requested', by: wish.by };
      throw nothingToRetry(state);
    });
  }

  /**
   * Lets the old CA be dropped although clients may still need it. Throws `rotation.gate-open` where nothing is to be
   * overridden.
   */
  async override(wish: Wish & { because: string }): Promise<void> {
    await this.command(wish, (state) => {
      if (state.override) return null;
      if (state.phase !== 'soak' || isGateOpen(state)) throw gateOpen(state);
      return { type: 'gate.overridden', by: wish.by, because: wish.because };
    });
  }

  /**
   * A second person lets the old CA be dropped, for the change of trust with this digest and no other. Throws
   * `rotation.approval-not-needed`, `rotation.approval-not-awaited`, `rotation.approved-already`, `rotation.own-request`
   * for whoever asked for the rotation, and `rotation.other-trust-diff` with the digest and the words of the one ahead.
   */
  async approve(wish: Wish & { trustDiffDigest: string }): Promise<void> {
    await this.command(wish, (state) => {
      if (!awaitsApproval(state)) throw notAwaited(state);
      if (actorId(wish.by) === actorId(state.snapshot.requestedBy)) throw ownRequest(state);
      if (wish.trustDiffDigest !== trustDiffDigest(state)) throw otherTrustDiff(state);
      return { type: 'contract.approved', by: wish.by, digest: wish.trustDiffDigest };
    });
  }

  /**
   * Ends the rotation without a host that stands in everybody's way: what it serves stays unknown, and it joins
   * no later rotation. Throws `host.not-found`, `rotation.host-not-blocked`, `rotation.last-host`.
   */
  async decommission(wish: Wish & { hostId: string; because: string }): Promise<void> {
    await this.command(wish, (state) => {
      const { hostId, by, because } = wish;
      if (state.decommissioned.has(hostId)) return null;
      if (!hostsInTheWay(state).includes(hostId)) throw notBlocked(state, hostId);
      if (activeHosts(state).length === 1) throw lastHost(state);
      return { type: 'host.decommissioned', hostId, by, because };
    });
  }

  /** The rotation as its journal tells it; throws `rotation.not-found`. */
  async read(rotationId: string): Promise<RotationState> {
    const state = await this.folded.read(rotationId);
    if (state) return state;
    throw new PortError({
      code: 'rotation.not-found',
      message: `There is no rotation ${rotationId}.`,
      nextStep: 'List the rotations of the fleet to find its id.',
    });
  }

  /** Wakes every rotation that has not ended: what a lost queue job would have done (F07). */
  async sweep(): Promise<number> {
    const active = await this.rotations.active();
    await Promise.all(active.map((id) => this.wakeups.wakeRotation(id)));
    return active.length;
  }

  private async command(
    { rotationId, revision }: Wish,
    decide: (state: RotationState) => RotationEventBody | null,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const state = await this.read(rotationId);
      if (revision !== undefined && revision !== state.revision) throw new RotationChanged(state);
      if (state.ended) throw ended(state);
      const body = decide(state);
      if (!body) return;
      if (await this.append(state, body, attempt)) break;
    }
    await this.wakeups.wakeRotation(rotationId);
  }

  /** False when somebody wrote first: a running rotation writes often, and the wish is judged anew on what is true then. */
  private async append(state: RotationState, body: RotationEventBody, attempt: number): Promise<boolean> {
    const event: RotationEvent = { ...body, v: EVENT_VERSION };
    const at = new Date(this.clock.now()).toISOString();
    const after = reduce(state, { sequence: state.sequence + 1, at, event });
    const { rotationId } = state.snapshot;
    try {
      await this.journal.append({
        ...{ rotationId, expectedSequence: state.sequence, lease: null, notAfter: null },
        ...{ events: [event], projection: projectionOf(state, after) },
      });
      return true;
    } catch (error) {
      if (!(error instanceof JournalConflict) || attempt >= 20) throw error;
      return false;
    }
  }
}
