import { createHash, randomUUID } from 'node:crypto';
import {
  EVENT_VERSION,
  type RotationEvent,
  type RotationEventBody,
  type RotationSnapshot,
  type RotationState,
  reduce,
  replay,
  statusOf,
} from '#rotation';
import type { Clock } from './ports/clock.js';
import type { Fleet, FleetStore } from './ports/fleet-store.js';
import { type Journal, JournalConflict } from './ports/journal.js';
import { PortError } from './ports/problem.js';
import { ResourceHeld, type RotationStore } from './ports/rotation-store.js';
import type { Wakeups } from './ports/wakeups.js';
import { projectionOf } from './projection.js';

/** What people and schedules may ask for. Every command is an entry of the journal and a wake-up, nothing else. */
export class RotationCommands {
  constructor(
    private readonly fleets: FleetStore,
    private readonly rotations: RotationStore,
    private readonly journal: Journal,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
  ) {}

  /**
   * Records a rotation and wakes a worker. Throws PortError `fleet.not-found`, `fleet.no-hosts`,
   * `fleet.no-probe-targets`, `rotation.conflict` naming who holds the fleet, the host or the issuing CA.
   */
  async start(request: { fleetId: string; requestedBy: string; reason: string }): Promise<string> {
    const fleet = await this.fleets.fleet(request.fleetId);
    checkReady(fleet);
    const rotationId = randomUUID();
    const snapshot = snapshotOf(fleet, rotationId, request, {
      installation: await this.rotations.installation(),
      epoch: await this.rotations.nextEpoch(),
    });
    try {
      await this.rotations.create(
        { id: rotationId, fleetId: fleet.id, epoch: snapshot.epoch, locks: locksOf(fleet) },
        { v: EVENT_VERSION, type: 'rotation.requested', snapshot },
      );
    } catch (error) {
      if (error instanceof ResourceHeld) throw held(error);
      throw error;
    }
    await this.wakeups.wakeRotation(rotationId);
    return rotationId;
  }

  /** Asks for the way back. Throws `rotation.too-late` once the fleet decided to keep the new trust. */
  async abort(rotationId: string, by: string, because: string): Promise<void> {
    await this.command(rotationId, (state) => {
      if (state.abort) return null;
      if (state.decisions.has('outcome/expand.1')) throw tooLate(state);
      return { type: 'abort.requested', by, because };
    });
  }

  /** Lets a paused rotation try again what failed. Throws `rotation.not-paused`. */
  async resume(rotationId: string, by: string): Promise<void> {
    await this.command(rotationId, (state) => {
      if (state.paused) return { type: 'rotation.resumed', by };
      throw new PortError({
        code: 'rotation.not-paused',
        message: `Rotation ${rotationId} is ${statusOf(state)}, not paused.`,
        nextStep: 'Only a paused rotation can be resumed; read its explanation.',
      });
    });
  }

  /** The rotation as its journal tells it; throws `rotation.not-found`. */
  async read(rotationId: string): Promise<RotationState> {
    const state = replay(await this.journal.read(rotationId));
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
    rotationId: string,
    decide: (state: RotationState) => RotationEventBody | null,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const state = await this.read(rotationId);
      if (state.ended) throw ended(state);
      const body = decide(state);
      if (!body) return;
      const event: RotationEvent = { v: EVENT_VERSION, ...body };
      const at = new Date(this.clock.now()).toISOString();
      const after = reduce(state, { sequence: state.sequence + 1, at, event });
      try {
        await this.journal.append(rotationId, state.sequence, null, [event], projectionOf(state, after));
        break;
      } catch (error) {
        // A running rotation writes often; the command is decided anew on what is true then.
        if (!(error instanceof JournalConflict) || attempt >= 20) throw error;
      }
    }
    await this.wakeups.wakeRotation(rotationId);
  }
}

function checkReady(fleet: Fleet): void {
  if (fleet.hosts.length === 0) {
    throw new PortError({
      code: 'fleet.no-hosts',
      message: `Fleet ${fleet.name} has no hosts.`,
      nextStep: `Enrol some first: POST /v1/fleets/${fleet.id}/hosts.`,
    });
  }
  const blind = fleet.hosts.find(({ probeTargets }) => probeTargets.length === 0);
  if (blind) {
    throw new PortError({
      code: 'host.no-probe-targets',
      message: `Host ${blind.name} has no probe target, so nothing could be proven on it.`,
      nextStep: 'Give it at least one listener: address, port, SNI and path.',
    });
  }
}

/** The canary wave first, then everybody else. */
function wavesOf(fleet: Fleet): string[][] {
  const ids = fleet.hosts.map(({ id }) => id);
  const canaries = Math.max(1, Math.min(fleet.canaryHosts, ids.length));
  return [ids.slice(0, canaries), ids.slice(canaries)].filter((wave) => wave.length > 0);
}

function snapshotOf(
  fleet: Fleet,
  rotationId: string,
  { requestedBy, reason }: { requestedBy: string; reason: string },
  { installation, epoch }: { installation: string; epoch: number },
): RotationSnapshot {
  const { id, number, digest, marker } = fleet.generation;
  return {
    rotationId,
    fleetId: fleet.id,
    fleetName: fleet.name,
    strategy: 'overlap',
    installation,
    epoch,
    waves: wavesOf(fleet),
    hostNames: Object.fromEntries(fleet.hosts.map((host) => [host.id, host.name])),
    soakSeconds: fleet.soakSeconds,
    caTtlSeconds: fleet.caTtlSeconds,
    old: { id, number, digest, marker },
    requestedBy,
    reason,
  };
}

/** One rotation per fleet, host and issuing CA (I5); keys are hashed where they could grow long. */
function locksOf({ id, name, hosts, issuingCa: ca }: Fleet): { key: string; label: string }[] {
  const mount = createHash('sha256')
    .update(`${ca.address}|${ca.namespace}|${ca.mount}`)
    .digest('hex')
    .slice(0, 32);
  return [
    { key: `fleet:${id}`, label: `fleet ${name}` },
    { key: `ca:${mount}`, label: `issuing CA "${ca.mount}" at ${ca.address}` },
    ...hosts.map(({ address, port, name }) => ({
      key: `host:${address}:${port}`,
      label: `host ${name} (${address}:${port})`,
    })),
  ];
}

function held(error: ResourceHeld): PortError {
  return new PortError(
    {
      code: 'rotation.conflict',
      message: `Rotation ${error.holderRotationId} already works on ${error.resource}.`,
      nextStep: `Watch it at /v1/rotations/${error.holderRotationId} and start again when it has ended.`,
    },
    { cause: error },
  );
}

function tooLate(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.too-late',
    message: `The fleet has decided (${state.decisions.get('outcome/expand.1')?.decision.kind ?? ''}); the rotation is in phase ${state.phase}.`,
    nextStep: 'It is past the point where an abort goes back by itself; the fleet trusts both CAs meanwhile.',
  });
}

function ended(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.ended',
    message: `Rotation ${state.snapshot.rotationId} ended as ${statusOf(state)}.`,
    nextStep: 'Start a new one if it is needed.',
  });
}
