import type { Effect } from './effects.js';
import type { Decision } from './events.js';
import type { EffectRecord, RotationState } from './state.js';
import type { EndStatus, Reason } from './vocabulary.js';

/** One thing the runner is asked to do. */
export type Action =
  | { readonly kind: 'perform'; readonly effect: Effect }
  | {
      readonly kind: 'decide';
      readonly decision: Decision;
      readonly because: string;
      /** Milliseconds since the epoch by the journal's clock, behind which it is no longer true; null: it does not age. */
      readonly notAfter: number | null;
    }
  | { readonly kind: 'pause'; readonly reason: Reason }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'end'; readonly status: EndStatus; readonly because: string };

/**
 * `careful` gives up after {@link CAREFUL_ATTEMPTS}; `patient` only where trying again cannot help; `insist` tries for
 * ever, as an undo must.
 */
export type Persistence = 'careful' | 'patient' | 'insist';

const CAREFUL_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export type Progress =
  | { readonly kind: 'done' }
  | { readonly kind: 'busy'; readonly actions: readonly Action[] }
  | { readonly kind: 'failed'; readonly record: EffectRecord; readonly reason: Reason };

/** True of an effect that was done and has to be done again: a vote that nobody can rely on any more. */
export type Outdated = (record: EffectRecord) => boolean;

/**
 * Carries out groups of effects one after another, the effects of a group side by side. A failure is reported
 * only when nothing of the group runs any more, so that an undo never races what it undoes.
 */
export function advance(
  state: RotationState,
  now: number,
  groups: readonly (readonly Effect[])[],
  persistence: Persistence,
  outdated: Outdated = () => false,
): Progress {
  for (const group of groups) {
    const progress = advanceGroup(state, now, group, persistence, outdated);
    if (progress.kind !== 'done') return progress;
  }
  return { kind: 'done' };
}

/**
 * Carries out chains of effects side by side, the effects of a chain one after another: as {@link advance}, for effects
 * that wait for nothing but those of their own chain.
 */
export function advanceChains(
  state: RotationState,
  now: number,
  chains: readonly (readonly Effect[])[],
  persistence: Persistence,
): Progress {
  const records = chains.flat().flatMap(({ id }) => state.effects.get(id) ?? []);
  const failed = records.find((record) => isFinal(record, persistence));
  if (failed)
    return failedWith(
      failed,
      records.some(({ status }) => status === 'running'),
    );
  const progress = chains.map((chain) => advance(state, now, chain.map(alone), persistence));
  const actions = progress.flatMap((one) => (one.kind === 'busy' ? one.actions : []));
  return progress.every(({ kind }) => kind === 'done') ? { kind: 'done' } : { kind: 'busy', actions };
}

function alone(effect: Effect): readonly Effect[] {
  return [effect];
}

/** Only when nothing runs any more. */
function failedWith(record: EffectRecord, running: boolean): Progress {
  return running ? { kind: 'busy', actions: [] } : { kind: 'failed', record, reason: reasonOf(record) };
}

function advanceGroup(
  state: RotationState,
  now: number,
  group: readonly Effect[],
  persistence: Persistence,
  outdated: Outdated,
): Progress {
  const actions: Action[] = [];
  let failed: EffectRecord | null = null;
  let [done, running] = [true, false];
  // One pass and nothing in between: a large fleet has ten thousand of them, several times a second.
  for (const effect of group) {
    const record = freshRecord(state, effect, outdated);
    if (record && failed === null && isFinal(record, persistence)) failed = record;
    if (record?.status === 'running') running = true;
    if (record?.status === 'done') continue;
    done = false;
    const action = next(state, effect, record, now);
    if (action) actions.push(action);
  }
  if (failed) return failedWith(failed, running);
  return done ? { kind: 'done' } : { kind: 'busy', actions };
}

function freshRecord(state: RotationState, { id }: Effect, outdated: Outdated): EffectRecord | undefined {
  const record = state.effects.get(id);
  return record?.status === 'done' && outdated(record) ? undefined : record;
}

function next(
  state: RotationState,
  effect: Effect,
  record: EffectRecord | undefined,
  now: number,
): Action | null {
  if (!record || record.status === 'interrupted') return { kind: 'perform', effect };
  if (record.status !== 'failed') return null;
  if (state.retryAt !== null && state.retryAt > record.at) return { kind: 'perform', effect };
  const retryAt = Date.parse(record.at) + backoff(record.attempts);
  return retryAt <= now ? { kind: 'perform', effect } : { kind: 'wait', until: retryAt };
}

/** Milliseconds to wait before the next try: 1 s, 2 s, 4 s, ... at most 30 s. */
export function backoff(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
}

function isFinal(record: EffectRecord, persistence: Persistence): boolean {
  if (record.status !== 'failed' || persistence === 'insist') return false;
  return !record.transient || (persistence === 'careful' && record.attempts >= CAREFUL_ATTEMPTS);
}

export function reasonOf(record: EffectRecord): Reason {
  return (
    record.reason ?? {
      code: 'effect.failed',
      message: `${record.effect.id} failed`,
      nextStep: 'Read the worker log.',
    }
  );
}
