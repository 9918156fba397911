import {
  courseOf,
  fleetsOf,
  type GenerationRef,
  generationsFor,
  type RotationState,
  refreshSides,
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
import type { SavedSessions } from './saved-sessions.js';

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
  /** The fleet of the host, with the hosts of its batch; for the CA, the one that was asked for, without its hosts. */
  readonly fleet: Fleet;
  /** A token for one message to a host, higher than all before it. */
  readonly token: () => HostToken;
  /** A client that nobody trusts, made once per process: the control of every probe. */
  readonly stranger: ProbeIdentity;
  /** A client of a CA that has but the name of this one; made once per process and CA. */
  readonly impostor: (caPem: string) => Promise<ProbeIdentity>;
  /** Resolves when the other hosts that are let switch at once are ready for it as well. */
  readonly together: () => Promise<void>;
  /** Of clients of a CA on its way out; in the memory of this process only. */
  readonly sessions: SavedSessions;
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
}

/** What the context's fleet was recorded to serve when the rotation was asked for. */
export function oldOf({ state, fleet }: EffectContext): GenerationRef {
  return required(
    fleetsOf(state.snapshot).find(({ fleetId }) => fleetId === fleet.id) ?? null,
    'the fleet was recorded',
  ).old;
}

/** The generations on both sides of a transition of a host of the context's fleet. */
export async function sidesOf(
  context: EffectContext,
  transition: TransitionName,
  hostId: string,
): Promise<Sides> {
  const { recent, state } = context;
  if (transition === 'refresh') {
    const { near, far } = required(refreshSides(state, context.fleet.id), 'crls.renew');
    return { near: await recent.generation(near.id), far: await recent.generation(far.id) };
  }
  const built = required(generationsFor(state, context.fleet.id), 'generations.build');
  const far = await recent.generation(transition === 'expand' ? built.overlap.id : built.next.id);
  if (courseOf(state).adopts) return { near: adopted(context, hostId, far), far };
  const near = transition === 'expand' ? oldOf(context).id : built.overlap.id;
  return { near: await recent.generation(near), far };
}

/** Whatever the host served when it was looked at: known by its digest alone. */
function adopted({ state }: EffectContext, hostId: string, far: Generation): Generation {
  const { digest } = state.effects.get(`expand.1/host.inspect/${hostId}`)?.result ?? {};
  return {
    ...far,
    content: '',
    marker: null,
    digest: required(digest ? String(digest) : null, 'host.inspect'),
  };
}

/** A result that the plan guarantees to be there; its absence is a defect, not a user's fault. */
export function required<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`the plan asked for an effect before ${what} was done`);
  return value;
}
