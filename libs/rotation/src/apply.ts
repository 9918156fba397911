import { actorId } from './actor.js';
import { trustDiffDigest } from './approval.js';
import { hostScope, scopeOf } from './batches.js';
import type { Draft } from './draft.js';
import { isHostEffect } from './effects.js';
import type { Decision, RotationEvent } from './events.js';
import { IllegalEvent } from './illegal-event.js';
import { INTENTS } from './intents.js';
import { activeHosts, decisionKey, type EffectRecord, newestTerm, type RotationState } from './state.js';
import { hostsInTheWay } from './status.js';
import { isGateOpen } from './usage-gate.js';
import type { Scope } from './vocabulary.js';

/** A vote expires, and who needs the old CA and which CRLs there are changes with time; nothing else is done twice. */
const MAY_BE_REPEATED: ReadonlySet<string> = new Set(['host.stage', 'usage.judge', 'crls.renew']);

/** What one legal entry changes. Throws {@link IllegalEvent} where the entry itself cannot be true. */
export function apply(
  state: RotationState,
  at: string,
  event: Exclude<RotationEvent, { type: 'rotation.requested' }>,
  draft: Draft,
): RotationState {
  switch (event.type) {
    case 'term.taken':
      return takeTerm(state, at, event, draft);
    case 'effect.intended':
      return intend(state, at, event, draft);
    case 'effect.succeeded':
      return settle(state, event, draft, (record) => ({
        ...record,
        status: 'done',
        at,
        failingSince: null,
        result: event.result,
        reason: null,
        transient: false,
      }));
    case 'effect.failed':
      return settle(state, event, draft, (record) => ({
        ...record,
        status: 'failed',
        at,
        failingSince: record.failingSince ?? at,
        reason: event.reason,
        transient: event.transient,
      }));
    case 'deadlines.renewed':
      return renew(state, event);
    case 'decision.made':
      return decide(state, at, event);
    case 'rotation.paused':
      return pause(state, at, event);
    case 'retry.requested':
      return { ...state, retryAt: at };
    case 'host.decommissioned':
      return decommission(state, at, event);
    case 'gate.overridden':
      return override(state, at, event);
    case 'contract.approved':
      return approve(state, at, event);
    case 'rotation.resumed':
      return resume(state);
    case 'abort.requested':
      return { ...state, abort: { by: event.by, because: event.because, at } };
    case 'rotation.ended':
      return { ...state, ended: { status: event.status, because: event.because, at } };
  }
}

type Of<T extends RotationEvent['type']> = Extract<RotationEvent, { type: T }>;

function takeTerm(
  state: RotationState,
  at: string,
  { scope, term }: Of<'term.taken'>,
  draft: Draft,
): RotationState {
  // Terms are drawn one by one for all scopes, but scopes write in any order: only its own must be older.
  const newest = scope === 'all' ? newestTerm(state) : (state.terms.get(scope) ?? 0);
  if (term <= newest) throw new IllegalEvent('term.taken', `term ${term} does not exceed ${newest}`);
  // No two scopes share one: whoever holds it would be taken for the other.
  if ([...state.terms.values()].includes(term)) {
    throw new IllegalEvent('term.taken', `term ${term} is another scope's`);
  }
  const taken: Scope = scope === 'all' ? 'coordinator' : scope;
  let next: RotationState = { ...state, terms: new Map(state.terms).set(taken, term) };
  for (const id of [...state.tally.running]) {
    const record = state.effects.get(id);
    if (!record || (scope !== 'all' && scopeOf(state.snapshot, record.effect) !== scope)) continue;
    next = { ...next, ...draft.with(next, { ...record, status: 'interrupted', at }) };
  }
  return next;
}

/** An effect belongs to whoever holds its scope: an older lease begins nothing and reports nothing (I9). */
function requireTerm(state: RotationState, effect: EffectRecord['effect'], term: number | null): void {
  const newest = state.terms.get(scopeOf(state.snapshot, effect));
  if (term === null || newest === term) return;
  throw new IllegalEvent(effect.id, `term ${term} is not the newest of its scope (${newest ?? 'none'})`);
}

function intend(
  state: RotationState,
  at: string,
  { effect, term }: Of<'effect.intended'>,
  draft: Draft,
): RotationState {
  requireTerm(state, effect, term);
  const before = state.effects.get(effect.id);
  const again = MAY_BE_REPEATED.has(effect.kind) && before?.status === 'done';
  if (before?.status === 'running' || (before?.status === 'done' && !again)) {
    throw new IllegalEvent('effect.intended', `${effect.id} is ${before.status}`);
  }
  const rule = INTENTS[effect.kind];
  if (!rule.holds(state, effect)) {
    throw new IllegalEvent('effect.intended', `${effect.id} needs: ${rule.says}`);
  }
  if (isHostEffect(effect) && state.decommissioned.has(effect.hostId)) {
    throw new IllegalEvent('effect.intended', `host ${effect.hostId} is decommissioned`);
  }
  const record: EffectRecord = {
    effect,
    status: 'running',
    attempts: (before?.attempts ?? 0) + 1,
    term,
    begunAt: at,
    at,
    failingSince: before?.failingSince ?? null,
    result: {},
    reason: before?.reason ?? null,
    transient: false,
  };
  return { ...state, ...draft.with(state, record) };
}

function settle(
  state: RotationState,
  { effectId, term }: Of<'effect.succeeded'> | Of<'effect.failed'>,
  draft: Draft,
  change: (record: EffectRecord) => EffectRecord,
): RotationState {
  const before = state.effects.get(effectId);
  if (before?.status !== 'running') {
    throw new IllegalEvent('effect outcome', `${effectId} is ${before?.status ?? 'not intended'}`);
  }
  requireTerm(state, before.effect, term);
  const record = change(before);
  return { ...state, ...draft.with(state, record), armed: armedAfter(state, record) };
}

/** A host armed its timer after the intent, so that it waits at least until then plus the deadline. */
function armedAfter(state: RotationState, { effect, status, begunAt }: EffectRecord): RotationState['armed'] {
  if (!isHostEffect(effect) || effect.kind !== 'host.commit' || status !== 'done') return state.armed;
  return state.armed.with(effect.hostId, Date.parse(begunAt) + state.snapshot.timing.deadlineMs);
}

function renew(state: RotationState, { hostIds, until, term }: Of<'deadlines.renewed'>): RotationState {
  let { armed } = state;
  for (const hostId of hostIds) {
    const known = armed.get(hostId);
    if (known === undefined) throw new IllegalEvent('deadlines.renewed', `${hostId} waits for no decision`);
    if (state.terms.get(hostScope(state.snapshot, hostId)) !== term) {
      throw new IllegalEvent('deadlines.renewed', `term ${term} does not hold the batch of ${hostId}`);
    }
    armed = armed.with(hostId, Math.max(known, Date.parse(until)));
  }
  return { ...state, armed };
}

function decide(state: RotationState, at: string, event: Of<'decision.made'>): RotationState {
  const key = decisionKey(event.decision);
  if (state.decisions.has(key)) throw new IllegalEvent('decision.made', `${key} is decided already`);
  const decisions = new Map(state.decisions).set(key, {
    decision: event.decision,
    at,
    because: event.because,
  });
  return { ...state, decisions, attempt: attemptAfter(state, event.decision) };
}

/** Version 1 counted every resume of an activation as a new attempt: what was decided says which one it is. */
function attemptAfter(state: RotationState, decision: Decision): RotationState['attempt'] {
  const { attempt } = state;
  const concludes = 'transition' in decision && decision.kind !== 'go';
  if (concludes && decision.transition === 'refresh' && isContractBegun(state)) {
    // What it made ready is no longer on the hosts, and of other CRLs than those of now.
    return { ...attempt, contract: attempt.contract + 1 };
  }
  if (decision.kind !== 'activate' && decision.kind !== 'contract') return attempt;
  return { ...attempt, [decision.kind]: Math.max(attempt[decision.kind], decision.attempt) };
}

function pause(state: RotationState, at: string, { by, reason }: Of<'rotation.paused'>): RotationState {
  if (state.paused) throw new IllegalEvent('rotation.paused', `it is paused by ${state.paused.by} already`);
  return { ...state, paused: { by, reason, since: at } };
}

/** Only a host that stands in everybody's way may be given up, and never the last one. */
function decommission(
  state: RotationState,
  at: string,
  { hostId, by, because }: Of<'host.decommissioned'>,
): RotationState {
  if (!hostsInTheWay(state).includes(hostId)) {
    throw new IllegalEvent('host.decommissioned', `host ${hostId} stands in nobody's way`);
  }
  if (activeHosts(state).length === 1) throw new IllegalEvent('host.decommissioned', 'it is the last host');
  const decommissioned = new Map(state.decommissioned).set(hostId, { by, because, at });
  return { ...state, decommissioned };
}

/** Only a closed gate is overridden, and once. */
function override(state: RotationState, at: string, { by, because }: Of<'gate.overridden'>): RotationState {
  if (isGateOpen(state)) throw new IllegalEvent('gate.overridden', 'the gate is open');
  return { ...state, override: { by, because, at } };
}

/** Of the change that is ahead, and by somebody else than who asked for it. */
function approve(state: RotationState, at: string, { by, digest }: Of<'contract.approved'>): RotationState {
  if (actorId(by) === actorId(state.snapshot.requestedBy)) {
    throw new IllegalEvent('contract.approved', `${by} asked for the rotation`);
  }
  if (digest !== trustDiffDigest(state)) {
    throw new IllegalEvent('contract.approved', `${digest} is not the change of trust that is ahead`);
  }
  return { ...state, approval: { by, digest, at } };
}

/** A resume begins what failed anew, under a new attempt, so that every decision stays written once. */
function resume(state: RotationState): RotationState {
  if (!state.paused) throw new IllegalEvent('rotation.resumed', 'the rotation is not paused');
  return { ...state, paused: null, attempt: nextAttempt(state) };
}

function nextAttempt(state: RotationState): RotationState['attempt'] {
  const { activate, contract } = state.attempt;
  if (state.effects.has(`activate.${activate}/ca.fall-back`)) return { activate: activate + 1, contract };
  if (state.phase === 'soak' && contractFailed(state)) return { activate, contract: contract + 1 };
  return state.attempt;
}

/** Begun and not decided, held in a pause or by its CA; one that failed gets a new try when it is resumed. */
function isContractBegun({ attempt, effects, decisions }: RotationState): boolean {
  const scope = `contract.${attempt.contract}`;
  return effects.has(`${scope}/ca.check-retired`) && !decisions.has(`outcome/${scope}`);
}

function contractFailed(state: RotationState): boolean {
  const scope = `contract.${state.attempt.contract}`;
  const staged = [...state.effects].some(
    ([id, { status }]) => id.startsWith(`${scope}/host.stage/`) && status === 'failed',
  );
  return staged || state.decisions.has(`outcome/${scope}`);
}
