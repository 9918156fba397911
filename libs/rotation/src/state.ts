import type { Effect, EffectResults } from './effects.js';
import type { Decision } from './events.js';
import type { GrowingMap } from './growing-map.js';
import { perSnapshot } from './per-snapshot.js';
import type { EndStatus, Reason, RotationPhase, RotationSnapshot, Scope } from './vocabulary.js';

/** What is known of one effect. `interrupted`: its worker was lost in the middle, so nobody knows how it ended. */
export interface EffectRecord {
  readonly effect: Effect;
  readonly status: 'running' | 'interrupted' | 'done' | 'failed';
  /** How often it was begun. */
  readonly attempts: number;
  /** The lease under which it was begun last; null in entries of an earlier release. */
  readonly term: number | null;
  /** RFC 3339 time of the last intent: the effect began no earlier. */
  readonly begunAt: string;
  /** RFC 3339 time of the last change. */
  readonly at: string;
  /** RFC 3339 time of the first failure since it last succeeded; null when it never failed. */
  readonly failingSince: string | null;
  readonly result: Readonly<Record<string, unknown>>;
  readonly reason: Reason | null;
  readonly transient: boolean;
}

/** What follows from the effects of a rotation, and would else be counted anew at every entry of a large fleet. */
export interface Tally {
  /** Ids of the effects that run. */
  readonly running: ReadonlySet<string>;
  /** Ids of the effects that failed and have not succeeded since. */
  readonly failing: ReadonlySet<string>;
  /** On how many hosts each step is done, given up or not, by `expand.1/host.stage`. */
  readonly done: ReadonlyMap<string, number>;
}

/** What was begun on one host, in the order in which it first was. Another object with each change of any of it. */
export interface HostTrail {
  /** Ids of effects. */
  readonly effects: readonly string[];
}

/** A rotation as its journal tells it: nothing is here that cannot be rebuilt by reading the events again. */
export interface RotationState {
  readonly snapshot: RotationSnapshot;
  /** Sequence of the last entry. */
  readonly sequence: number;
  readonly requestedAt: string;
  /** RFC 3339 time of the last entry. */
  readonly updatedAt: string;
  /** Grows with every decision, command and phase, and with nothing else: what a person's command is based on. */
  readonly revision: number;
  /** The newest lease of each scope that a worker took up. */
  readonly terms: ReadonlyMap<Scope, number>;
  readonly phase: RotationPhase;
  /** RFC 3339 time at which the phase began. */
  readonly phaseSince: string;
  readonly effects: GrowingMap<EffectRecord>;
  readonly tally: Tally;
  /** By host; without those on which nothing was begun. */
  readonly trails: GrowingMap<HostTrail>;
  readonly decisions: ReadonlyMap<
    string,
    { readonly decision: Decision; readonly at: string; readonly because: string }
  >;
  /** Hosts that wait for the fleet's decision, and until when they do so, in milliseconds since the epoch. */
  readonly armed: GrowingMap<number>;
  /** Hosts that a person gave up on. */
  readonly decommissioned: ReadonlyMap<
    string,
    { readonly by: string; readonly because: string; readonly at: string }
  >;
  /** RFC 3339 time of a person's last wish to try again at once. */
  readonly retryAt: string | null;
  /** Tries of activation and of contract that were begun by a person's resume; 1 for the first. */
  readonly attempt: { readonly activate: number; readonly contract: number };
  readonly paused: { readonly by: string; readonly reason: Reason; readonly since: string } | null;
  /** A person let the contract begin although the gate was closed. */
  readonly override: { readonly by: string; readonly because: string; readonly at: string } | null;
  /** Somebody approved of a change of trust; it counts while that is the one ahead. */
  readonly approval: { readonly by: string; readonly digest: string; readonly at: string } | null;
  readonly abort: { readonly by: string; readonly because: string; readonly at: string } | null;
  readonly ended: { readonly status: EndStatus; readonly because: string; readonly at: string } | null;
}

/** One decision, one key: a second write of the same key is a defect that {@link reduce} refuses (I4). */
export function decisionKey(decision: Decision): string {
  switch (decision.kind) {
    case 'go':
      return `go/${decision.transition}.${decision.attempt}/${decision.wave}`;
    case 'refuse':
    case 'keep':
    case 'revert':
      // One key for all: each excludes the others.
      return `outcome/${decision.transition}.${decision.attempt}`;
    case 'activate':
    case 'contract':
      return `${decision.kind}.${decision.attempt}`;
  }
}

/** The result of a finished effect that every rotation has at most one of, or null while it is not done. */
export function resultOf<K extends keyof EffectResults>(
  state: RotationState,
  kind: K,
): EffectResults[K] | null {
  const record = state.effects.get(kind);
  return record?.status === 'done' ? (record.result as unknown as EffectResults[K]) : null;
}

/** The decision under the key, or undefined. */
export function decided(state: RotationState, key: string): Decision | undefined {
  return state.decisions.get(key)?.decision;
}

/** The kind of the decision under the key, or undefined. */
export function decidedKind(state: RotationState, key: string): Decision['kind'] | undefined {
  return decided(state, key)?.kind;
}

/** True when any wave of the try was let go: that of the canary hosts may have been given up before. */
export function hasGone(state: RotationState, attempt: string): boolean {
  return state.snapshot.waves.some((_, wave) => state.decisions.has(`go/${attempt}/${wave}`));
}

/** True when it was decided that nothing of the try (`expand.1`, `contract.<n>`) is ever switched. */
export function isRefused(state: RotationState, attempt: string): boolean {
  return decidedKind(state, `outcome/${attempt}`) === 'refuse';
}

/** The effects that failed and have not succeeded since. */
export function failingEffects({ tally, effects }: RotationState): readonly EffectRecord[] {
  return [...tally.failing].flatMap((id) => effects.get(id) ?? []);
}

/** True when the effect succeeded. */
export function isDone(state: RotationState, effectId: string): boolean {
  return state.effects.get(effectId)?.status === 'done';
}

/** Every host that still counts, canary first: those of the snapshot without the decommissioned ones. */
export function activeHosts({ snapshot, decommissioned }: RotationState): readonly string[] {
  return withoutThose(allHosts(snapshot), decommissioned);
}

/** Every host of the snapshot, canary first. */
export const allHosts = perSnapshot(({ waves }): readonly string[] => waves.flat());

/** True when the step (`expand.1/host.stage`) is done on every host that still counts. */
export function onEveryHost(state: RotationState, step: string): boolean {
  const done = state.tally.done.get(step) ?? 0;
  const all = allHosts(state.snapshot).length;
  if (done < all - state.decommissioned.size) return false;
  return done === all || activeHosts(state).every((host) => isDone(state, `${step}/${host}`));
}

/** The number of the wave that the host is in; -1 for a host that is in none. */
export function waveOf(snapshot: RotationSnapshot, hostId: string): number {
  return wavesByHost(snapshot).get(hostId) ?? -1;
}

const wavesByHost = perSnapshot(
  ({ waves }): ReadonlyMap<string, number> =>
    new Map(waves.flatMap((hosts, wave) => hosts.map((host) => [host, wave] as const))),
);

/** The hosts of each wave that still count. */
export function activeWaves({ snapshot, decommissioned }: RotationState): readonly (readonly string[])[] {
  return snapshot.waves.map((wave) => withoutThose(wave, decommissioned));
}

function withoutThose(hosts: readonly string[], gone: ReadonlyMap<string, unknown>): readonly string[] {
  return gone.size === 0 ? hosts : hosts.filter((host) => !gone.has(host));
}

/** The highest lease that any worker took up; 0 until one did. */
export function newestTerm({ terms }: RotationState): number {
  return Math.max(0, ...terms.values());
}
