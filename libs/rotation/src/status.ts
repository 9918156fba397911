import { isConfirmed } from './conditions.js';
import { isHostEffect } from './effects.js';
import { isSwitchingCrls, refreshInVain, refreshTry } from './refresh.js';
import {
  allHosts,
  type EffectRecord,
  failingEffects,
  type HostTrail,
  hasGone,
  newestTerm,
  type RotationState,
} from './state.js';
import { courseOf } from './strategy.js';
import { isGateOpen } from './usage-gate.js';
import type { GenerationRole, Reason, RotationStatus } from './vocabulary.js';

/** Effects that nothing may skip: while one of them fails the rotation is blocked, and its lock is held. */
const MUST_SUCCEED = new Set([
  'host.discard',
  'host.revert',
  'host.prove-reverted',
  'host.confirm',
  'ca.withdraw',
  'ca.fall-back',
  'usage.judge',
  'ca.stop-issuing',
]);

/** Effects that the rotation waits for while trying again may help; else it is paused. */
const WAITED_FOR = new Set(['ca.check-retired']);

/** Why a rotation stands still although nobody paused it. */
export interface Block {
  readonly hostId: string | null;
  readonly since: string;
  readonly reason: Reason;
}

/**
 * True while a switch of the fleet is under way. It is carried to its end even when somebody paused the
 * rotation: a fleet that is half switched is no place to wait in.
 */
export function isSwitching(state: RotationState): boolean {
  if (courseOf(state).oneWay) return state.decisions.has('contract.1');
  if (!hasGone(state, 'expand.1')) return false;
  if (!isConfirmed(state) || isSwitchingCrls(state)) return true;
  // From its decision on: between that and the first `go` nobody could keep the CRLs fresh.
  return state.phase === 'contract';
}

/** Paused, at a place where it may stand, and nobody asked for its end meanwhile. */
export function isHeld(state: RotationState): boolean {
  return state.paused !== null && state.abort === null && !isSwitching(state);
}

export function statusOf(state: RotationState): RotationStatus {
  if (state.ended) return state.ended.status;
  if (isHeld(state)) return 'paused';
  if (blocksOf(state).length > 0) return 'blocked';
  return newestTerm(state) === 0 ? 'pending' : 'running';
}

export function blocksOf(state: RotationState): readonly Block[] {
  return failingEffects(state).flatMap((record) => {
    if (record.failingSince === null || record.reason === null) return [];
    if (isOver(state, record) || !standsInTheWay(state, record)) return [];
    const hostId = isHostEffect(record.effect) ? record.effect.hostId : null;
    if (hostId !== null && state.decommissioned.has(hostId)) return [];
    return [{ hostId, since: record.failingSince, reason: record.reason }];
  });
}

function standsInTheWay(state: RotationState, { effect, transient }: EffectRecord): boolean {
  if (effect.kind === 'host.inspect') return courseOf(state).oneWay;
  // A person who overrides the gate does not wait for the look at it.
  if (effect.kind === 'usage.judge' && isGateOpen(state)) return false;
  return MUST_SUCCEED.has(effect.kind) || (transient && WAITED_FOR.has(effect.kind));
}

/**
 * Hosts that a person may give up: those that block the rotation, those whose failure made it wait for a person, and
 * those that keep the fleet from the CRLs of now.
 */
export function hostsInTheWay(state: RotationState): readonly string[] {
  const blocking = blocksOf(state).flatMap(({ hostId }) => hostId ?? []);
  const { activate, contract } = state.attempt;
  const inVain = refreshInVain(state);
  const tries = [
    ...(isHeld(state) ? [`activate.${activate}/`, `contract.${contract}/`] : []),
    ...(inVain === null ? [] : [`refresh.${inVain}/`]),
  ];
  const failed = failingEffects(state).flatMap(({ effect, status }) =>
    status === 'failed' && isHostEffect(effect) && tries.some((id) => effect.id.startsWith(id))
      ? effect.hostId
      : [],
  );
  return [...new Set([...blocking, ...failed])].filter((host) => !state.decommissioned.has(host));
}

export type HostStep =
  | 'waiting'
  | 'inspected'
  | 'staged'
  | 'committed'
  | 'proven'
  | 'confirmed'
  | 'restored'
  | 'reverted'
  | 'decommissioned'
  | 'unknown';

/** One host of a rotation, as the journal knows it. */
export interface HostView {
  readonly hostId: string;
  readonly name: string;
  readonly step: HostStep;
  /** The generation that the host was last observed on; `unknown` while a switch is under way or was lost. */
  readonly serving: GenerationRole | 'unknown';
  readonly digest: string | null;
  readonly since: string;
  /** What is wrong with it now, or null. */
  readonly reason: Reason | null;
  /** The transcript of the last proof. */
  readonly probes: readonly string[];
}

export function hostViews(state: RotationState): readonly HostView[] {
  return [...eachHostView(state)];
}

/** As {@link hostViews}, one after another: of ten thousand hosts nobody need wait for all. */
export function* eachHostView(state: RotationState): Generator<HostView, void> {
  const view = viewer(state);
  for (const hostId of allHosts(state.snapshot)) yield view(hostId);
}

/** Views of before, with what they were made of beside the trail. */
const known = new WeakMap<HostTrail, { readonly tries: string; readonly view: HostView }>();

/** A host that nothing happened to is the same object as before: of a large fleet few change between two looks. */
function viewer(state: RotationState): (hostId: string) => HostView {
  const { activate, contract } = state.attempt;
  const tries = `${activate} ${contract} ${refreshTry(state)}`;
  return (hostId) => {
    const trail = state.trails.get(hostId);
    const gone = state.decommissioned.has(hostId);
    const before = trail && !gone ? known.get(trail) : undefined;
    if (before?.tries === tries) return before.view;
    const view = hostView(state, hostId, recordsOf(state, trail));
    if (trail && !gone) known.set(trail, { tries, view });
    return view;
  };
}

function recordsOf({ effects }: RotationState, trail: HostTrail | undefined): readonly EffectRecord[] {
  return (trail?.effects ?? []).flatMap((id) => effects.get(id) ?? []);
}

const STEP_OF_KIND: Readonly<Record<string, HostStep>> = {
  'host.inspect': 'inspected',
  'host.stage': 'staged',
  'host.commit': 'committed',
  'host.prove': 'proven',
  'host.confirm': 'confirmed',
  'host.canary': 'confirmed',
  'host.reconcile': 'confirmed',
  'host.drained': 'confirmed',
  'host.discard': 'inspected',
  'host.revert': 'restored',
  'host.prove-reverted': 'reverted',
};

function hostView(state: RotationState, hostId: string, records: readonly EffectRecord[]): HostView {
  const settled = records.filter((record) => record.status === 'done');
  const last = settled.at(-1);
  const failing = records.find(
    (record) => (record.failingSince !== null || record.status === 'failed') && !isOver(state, record),
  );
  return {
    hostId,
    name: state.snapshot.hostNames[hostId] ?? hostId,
    step: stepOf(state, hostId, last),
    serving: courseOf(state).oneWay ? servingDistrust(records) : serving(state, records, settled),
    digest: lastValue(settled, 'digest'),
    since: (last ?? records.at(-1))?.at ?? state.requestedAt,
    reason: failing?.reason ?? null,
    probes: lastProbes(settled),
  };
}

/** What came to nothing is tried anew: what was wrong then is told by the try of now. */
function isOver(state: RotationState, { effect }: EffectRecord): boolean {
  const now = { refresh: refreshTry(state), ...state.attempt };
  const [, name, attempt] = /^(refresh|activate|contract)\.(\d+)\//.exec(effect.id) ?? [];
  return name !== undefined && Number(attempt) !== now[name as keyof typeof now];
}

function stepOf(state: RotationState, hostId: string, last: EffectRecord | undefined): HostStep {
  if (state.decommissioned.has(hostId)) return 'decommissioned';
  return last ? (STEP_OF_KIND[last.effect.kind] ?? 'unknown') : 'waiting';
}

/** A switch that was begun and not proven leaves the host unknown: observed, never assumed. */
function serving(
  state: RotationState,
  records: readonly EffectRecord[],
  settled: readonly EffectRecord[],
): HostView['serving'] {
  const moves = records.filter(({ effect }) =>
    ['host.commit', 'host.prove', 'host.revert', 'host.prove-reverted'].includes(effect.kind),
  );
  const latest = moves.at(-1);
  if (!latest) return 'old';
  if (!settled.includes(latest) || !isHostEffect(latest.effect)) return 'unknown';
  const far = latest.effect.transition !== 'contract' && courseOf(state).contracts ? 'overlap' : 'new';
  const near = latest.effect.transition === 'expand' ? 'old' : 'overlap';
  if (latest.effect.kind === 'host.prove') return far;
  return latest.effect.kind === 'host.prove-reverted' ? near : 'unknown';
}

/** Switched and proven in one step. */
function servingDistrust(records: readonly EffectRecord[]): HostView['serving'] {
  const confirm = records.find(({ effect }) => effect.kind === 'host.confirm');
  if (!confirm) return 'old';
  return confirm.status === 'done' ? 'new' : 'unknown';
}

function lastValue(records: readonly EffectRecord[], key: string): string | null {
  const value = records.findLast((record) => typeof record.result[key] === 'string')?.result[key];
  return typeof value === 'string' ? value : null;
}

function lastProbes(records: readonly EffectRecord[]): readonly string[] {
  const probes = records.findLast((record) => Array.isArray(record.result.probes))?.result.probes;
  return Array.isArray(probes) ? probes.map(String) : [];
}
