import {
  fleetsOf,
  type GenerationRef,
  type GenerationRole,
  generationsFor,
  type RotationState,
  type TransitionName,
} from '#rotation';
import type { CaSource } from '../ports/ca-source.js';
import type { CertificateMint } from '../ports/certificate-mint.js';
import type { ChainVerifier } from '../ports/chain-verifier.js';
import type { Clock } from '../ports/clock.js';
import type { Fleet, FleetStore, Generation, HostRecord } from '../ports/fleet-store.js';
import type { HostGateway, HostToken } from '../ports/host-gateway.js';
import type { Probe, ProbeIdentity } from '../ports/probe.js';
import { PortError } from '../ports/problem.js';
import type { RotationStore } from '../ports/rotation-store.js';
import type { RecentReads } from './recent-reads.js';

/** Everything the effects reach the world through. */
export interface Ports {
  readonly fleets: FleetStore;
  readonly rotations: RotationStore;
  readonly hosts: HostGateway;
  readonly probe: Probe;
  readonly ca: CaSource;
  readonly verifier: ChainVerifier;
  readonly mint: CertificateMint;
  readonly clock: Clock;
}

/** One effect's view: the rotation as journalled, the fleet as recorded, and the ports. */
export interface EffectContext {
  readonly ports: Ports;
  /** Instead of the store, for what many effects read at once. */
  readonly recent: RecentReads;
  readonly state: RotationState;
  /** The fleet of the host; for the CA, the one that was asked for. */
  readonly fleet: Fleet;
  /** A token for one message to a host, higher than all before it. */
  readonly token: () => HostToken;
  /** A client that nobody trusts, made once per process: the control of every probe. */
  readonly stranger: ProbeIdentity;
}

/** Throws `host.left-fleet` when the host was removed after the snapshot was fixed. */
export function hostOf({ fleet, state }: EffectContext, hostId: string): HostRecord {
  const host = fleet.hosts.find(({ id }) => id === hostId);
  if (host) return host;
  const name = state.snapshot.hostNames[hostId] ?? hostId;
  throw new PortError({
    code: 'host.left-fleet',
    message: `Host ${name} is part of this rotation but was removed from fleet ${fleet.name}.`,
    nextStep: 'Enrol it again with the same address, or abort the rotation.',
  });
}

export interface Sides {
  readonly near: Generation;
  readonly far: Generation;
  readonly farRole: GenerationRole;
  readonly nearRole: GenerationRole;
}

/** What the context's fleet was recorded to serve when the rotation was asked for. */
export function oldOf({ state, fleet }: EffectContext): GenerationRef {
  return required(
    fleetsOf(state.snapshot).find(({ fleetId }) => fleetId === fleet.id) ?? null,
    'the fleet was recorded',
  ).old;
}

/** The generations of the context's fleet on both sides of a transition, as they were recorded. */
export async function sidesOf(context: EffectContext, transition: TransitionName): Promise<Sides> {
  const { recent } = context;
  const built = required(generationsFor(context.state, context.fleet.id), 'generations.build');
  const overlap = await recent.generation(built.overlap.id);
  if (transition === 'expand') {
    return {
      near: await recent.generation(oldOf(context).id),
      far: overlap,
      nearRole: 'old',
      farRole: 'overlap',
    };
  }
  return { near: overlap, far: await recent.generation(built.next.id), nearRole: 'overlap', farRole: 'new' };
}

/** A result that the plan guarantees to be there; its absence is a defect, not a user's fault. */
export function required<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`the plan asked for an effect before ${what} was done`);
  return value;
}
