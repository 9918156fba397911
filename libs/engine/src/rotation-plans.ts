import {
  fleetOfHost,
  fleetsOf,
  type GenerationRef,
  type PlannedPhase,
  plannedPhases,
  type RotationSnapshot,
  type Strategy,
} from '#rotation';
import { anchorId } from '#trust';
import { askedFleets } from './asked-fleets.js';
import { held } from './command-refusals.js';
import { anchorsIn } from './generation-anchors.js';
import { type PlannedTrust, plannedTrust } from './planned-trust.js';
import type { CaSource } from './ports/ca-source.js';
import type { Fleet, FleetStore } from './ports/fleet-store.js';
import type { ObservationStore } from './ports/observation-store.js';
import type { Problem } from './ports/problem.js';
import { ResourceHeld, type RotationStore } from './ports/rotation-store.js';
import { locksOf, type RotationRequest, snapshotOf } from './rotation-request.js';

/** What a rotation would do, before anybody asks for it. */
export interface RotationPlan {
  readonly strategy: Strategy;
  readonly fleets: readonly PlannedFleet[];
  /** In the order in which they are switched: the canaries first. */
  readonly waves: readonly (readonly PlannedHost[])[];
  readonly phases: readonly PlannedPhase[];
  /** In the words of a rotation, with the name of each fleet where there are several. */
  readonly trustDiff: string | null;
  /** What its preflight would refuse. */
  readonly blocks: readonly Problem[];
  readonly warnings: readonly string[];
}

export interface PlannedFleet {
  readonly fleetId: string;
  readonly fleetName: string;
  /** What it is recorded to serve now. */
  readonly generation: GenerationRef;
  readonly anchorsNow: readonly { readonly id: string; readonly subject: string; readonly notAfter: Date }[];
  /** What it trusts in the end, in words. */
  readonly anchorsThen: string;
}

export interface PlannedHost {
  readonly hostId: string;
  readonly name: string;
  readonly fleetId: string;
}

interface PlanPorts {
  readonly fleets: FleetStore;
  readonly rotations: RotationStore;
  readonly ca: Pick<CaSource, 'survey'>;
  readonly observations: ObservationStore;
}

/** Of no rotation: what is planned is recorded nowhere. */
const NONE = '00000000-0000-0000-0000-000000000000';

/** Plans rotations as they would be started, and starts none. */
export class RotationPlans {
  constructor(private readonly ports: PlanPorts) {}

  /**
   * Records nothing, and touches no host and no CA. Throws what `RotationCommands.start` does of the same request,
   * `rotation.conflict` of what is held now.
   */
  async plan(request: RotationRequest): Promise<RotationPlan> {
    const { fleet, others, course } = await askedFleets(this.ports.fleets, request);
    const fleets = [fleet, ...others];
    const identity = { installation: NONE, epoch: 0 };
    const snapshot = snapshotOf(fleet, others, NONE, request, identity);
    await this.refuseHeld(locksOf(fleets, course.movesCa));
    const trust = await Promise.all(fleets.map((one) => plannedTrust(this.ports.ca, one, snapshot)));
    const seen = await Promise.all(fleets.map((one) => this.lastSeen(one)));
    return {
      strategy: snapshot.strategy,
      fleets: fleets.map((one, place) => plannedFleet(one, trust[place])),
      waves: wavesOf(snapshot),
      phases: plannedPhases(snapshot.strategy),
      trustDiff: inWords(snapshot, trust),
      blocks: trust.flatMap(({ blocks }) => blocks),
      warnings: [...new Set([...trust.flatMap(({ warnings }) => warnings), ...seen.flat()])],
    };
  }

  private async refuseHeld(locks: Parameters<RotationStore['refuseHeld']>[0]): Promise<void> {
    try {
      await this.ports.rotations.refuseHeld(locks);
    } catch (error) {
      throw error instanceof ResourceHeld ? held(error) : error;
    }
  }

  /** What is no reason to refuse: the preflight looks at every host anew. */
  private async lastSeen({ id, name, hosts, generation }: Fleet): Promise<readonly string[]> {
    const looks = await this.ports.observations.lastLooks(id);
    return looks.flatMap(({ hostId, state, generationId, at }) => {
      const host = hosts.find((one) => one.id === hostId);
      if (host === undefined || state === 'in-sync' || generationId !== generation.id) return [];
      const found = state === 'drifted' ? 'was not as it is recorded' : 'could not be asked';
      return [`${name}/${host.name} ${found} when it was last looked at, at ${new Date(at).toISOString()}.`];
    });
  }
}

function plannedFleet(fleet: Fleet, trust: PlannedTrust | undefined): PlannedFleet {
  const { id, number, digest, marker } = fleet.generation;
  return {
    ...{ fleetId: fleet.id, fleetName: fleet.name, generation: { id, number, digest, marker } },
    anchorsThen: trust?.anchorsThen ?? '',
    anchorsNow: anchorsIn(fleet.generation).map((one) => ({
      ...{ id: anchorId(one), subject: one.subject, notAfter: new Date(one.notAfter) },
    })),
  };
}

function wavesOf(snapshot: RotationSnapshot): readonly (readonly PlannedHost[])[] {
  return snapshot.waves.map((wave) =>
    wave.map((hostId) => ({
      ...{ hostId, name: snapshot.hostNames[hostId] ?? hostId },
      fleetId: fleetOfHost(snapshot, hostId).fleetId,
    })),
  );
}

function inWords(snapshot: RotationSnapshot, trust: readonly PlannedTrust[]): string {
  const fleets = fleetsOf(snapshot);
  const diffs = trust.map(({ trustDiff }, place) =>
    fleets.length === 1 ? trustDiff : `${fleets[place]?.fleetName ?? ''}: ${trustDiff}`,
  );
  return diffs.join(' | ');
}
