import { createHash } from 'node:crypto';
import {
  chunks,
  DEFAULT_BATCH_SIZE,
  DEFAULT_TIMING,
  type GenerationRef,
  type RotationSnapshot,
  type Timing,
} from '#rotation';
import { caLabel } from './perform/issuer-certificate.js';
import type { IssuingCa } from './ports/ca-source.js';
import type { Fleet } from './ports/fleet-store.js';
import { PortError } from './ports/problem.js';
import type { ScheduledTick } from './ports/rotation-store.js';
import { checkStrategy, type StrategyRequest } from './strategy-request.js';

export interface RotationRequest extends StrategyRequest {
  /** Chosen by who may have to ask again without knowing what became of it; a new one when left out. */
  readonly rotationId?: string | undefined;
  readonly fleetId: string;
  /** The further fleets that trust the same issuing CA: all of them, or for a distrust any of them. */
  readonly together?: readonly string[] | undefined;
  readonly requestedBy: string;
  readonly reason: string;
  /** The tick that asks for it: no other rotation is ever started for the same one. */
  readonly tick?: ScheduledTick | undefined;
}

/** Throws `fleet.no-hosts`, `host.no-probe-targets`. */
export function checkReady(fleet: Fleet): void {
  if (fleet.hosts.length === 0) throw noHosts(fleet);
  const blind = fleet.hosts.find(({ probeTargets }) => probeTargets.length === 0);
  if (blind) {
    throw new PortError({
      code: 'host.no-probe-targets',
      message: `Host ${blind.name} has no probe target, so nothing could be proven on it.`,
      nextStep: 'Give it at least one listener: address, port, SNI and path.',
    });
  }
}

export function noHosts({ id, name }: Pick<Fleet, 'id' | 'name'>): PortError {
  return new PortError({
    code: 'fleet.no-hosts',
    message: `Fleet ${name} has no hosts.`,
    nextStep: `Enrol some first: POST /v1/fleets/${id}/hosts.`,
  });
}

/**
 * Hosts of one wave at most. All of a wave vote before it is let go, and a vote stands for a minute: in that time one
 * worker asks so many.
 */
export const LARGEST_WAVE = 500;

/** The canaries of every fleet first, then everybody else, each in as many waves as it takes. */
function wavesOf(fleets: readonly Fleet[]): string[][] {
  const canaries: string[] = [];
  const rest: string[] = [];
  for (const { hosts, canaryHosts } of fleets) {
    const ids = hosts.map(({ id }) => id);
    const count = Math.max(1, Math.min(canaryHosts, ids.length));
    canaries.push(...ids.slice(0, count));
    rest.push(...ids.slice(count));
  }
  return [...chunks(canaries, LARGEST_WAVE), ...chunks(rest, LARGEST_WAVE)];
}

/**
 * A wave is let go on votes that stand, so it takes about as long as they do at most. A host of the first wave waits for
 * all of them: where it had to be told so again and again, a large fleet would do little else.
 */
function timingOf(waves: readonly unknown[]): Timing {
  const { deadlineMs, voteMs } = DEFAULT_TIMING;
  return { ...DEFAULT_TIMING, deadlineMs: Math.max(deadlineMs, waves.length * voteMs) };
}

interface RequestedHere {
  readonly installation: string;
  readonly epoch: number;
  readonly traceparent?: string | undefined;
}

/** What is fixed when a rotation is asked for. */
export function snapshotOf(
  fleet: Fleet,
  others: readonly Fleet[],
  rotationId: string,
  request: RotationRequest,
  { installation, epoch, traceparent }: RequestedHere,
): RotationSnapshot {
  const fleets = [fleet, ...others];
  const { requestedBy, reason } = request;
  const waves = wavesOf(fleets);
  return {
    ...checkStrategy(fleets, request),
    rotationId,
    fleetId: fleet.id,
    fleetName: fleet.name,
    installation,
    epoch,
    waves,
    batchSize: DEFAULT_BATCH_SIZE,
    timing: timingOf(waves),
    hostNames: Object.fromEntries(fleets.flatMap((one) => namesOf(one, others.length > 0))),
    ...patienceOf(fleets, request),
    caTtlSeconds: fleet.caTtlSeconds,
    old: referenceTo(fleet),
    otherFleets: others.map((other) => ({
      ...{ fleetId: other.id, fleetName: other.name, old: referenceTo(other) },
      hostIds: other.hosts.map(({ id }) => id),
    })),
    requestedBy,
    reason,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** Only who moves from one CA to another waits: for clients to renew, and for a second person. */
function patienceOf(fleets: readonly Fleet[], { strategy = 'overlap' }: RotationRequest) {
  if (strategy !== 'overlap') return { soakSeconds: 0, contractWhen: 'soaked' } as const;
  return {
    soakSeconds: Math.max(...fleets.map(({ soakSeconds }) => soakSeconds)),
    contractWhen: fleets.some(({ contractWhen }) => contractWhen === 'unused') ? 'unused' : 'soaked',
    approval: fleets.some(({ approval }) => approval === 'contract') ? 'contract' : 'none',
  } as const;
}

/** Names of hosts are unique within a fleet only. */
function namesOf({ name, hosts }: Fleet, amongOthers: boolean): (readonly [string, string])[] {
  return hosts.map((host) => [host.id, amongOthers ? `${name}/${host.name}` : host.name]);
}

function referenceTo({ generation: { id, number, digest, marker } }: Fleet): GenerationRef {
  return { id, number, digest, marker };
}

/** One rotation per fleet, host and issuing CA that it moves (I5); keys are hashed where they could grow long. */
export function locksOf(fleets: readonly Fleet[], movesCa: boolean): { key: string; label: string }[] {
  const locks = fleets.flatMap(({ id, name, issuingCa, hosts }) => [
    { key: `fleet:${id}`, label: `fleet ${name}` },
    ...(movesCa ? [caLock(issuingCa)] : []),
    ...hosts.map((host) => ({
      key: `host:${host.address}:${host.port}`,
      label: `host ${host.name} (${host.address}:${host.port})`,
    })),
  ]);
  return [...new Map(locks.map((lock) => [lock.key, lock])).values()];
}

function caLock(ca: IssuingCa): { key: string; label: string } {
  const [place, label] = placeOf(ca);
  return { key: `ca:${createHash('sha256').update(place).digest('hex').slice(0, 32)}`, label };
}

function placeOf(ca: IssuingCa): readonly [place: string, label: string] {
  if (ca.kind === 'upload') return [`upload|${ca.name}`, `uploaded CA "${ca.name}"`];
  if (ca.kind === 'vault') {
    return [`${ca.address}|${ca.namespace}|${ca.mount}`, `issuing CA "${ca.mount}" at ${ca.address}`];
  }
  return [`aws-pca|${ca.account}|${ca.region}|${ca.group}`, caLabel(ca)];
}
