import { scopeOf } from './batches.js';
import { type Effect, type HostEffect, isHostEffect } from './effects.js';
import type { Decision, RotationEvent } from './events.js';
import type { Invariant, Violation } from './invariants.js';
import { decisionKey } from './state.js';
import { type StoredEvent, upcast } from './upcast.js';
import type { RotationSnapshot, Scope } from './vocabulary.js';

export interface AuditableEntry {
  readonly sequence: number;
  readonly at: string;
  readonly event: StoredEvent;
}

interface Trace {
  readonly effect: Effect;
  running: boolean;
  /** Milliseconds since the epoch of the last intent. */
  begunAt: number;
  /** Sequence of the last success, 0 before it. */
  doneAt: number;
}

type Finding = readonly [invariant: Invariant, says: string];

/**
 * Reads a journal a second time, by other rules than `reduce`: not what is legal, but what may never be. It
 * shares no condition with the transition table on purpose, so that a mistake there is found here.
 */
export class Auditor {
  private snapshot: RotationSnapshot | null = null;
  private readonly traces = new Map<string, Trace>();
  private readonly decisions = new Map<string, { readonly decision: Decision; readonly sequence: number }>();
  private readonly terms = new Map<Scope | 'all', number>();
  private readonly waitsUntil = new Map<string, number>();
  private readonly gone = new Set<string>();

  /** What the entry would break, were it the next one. Changes nothing. */
  violations({ sequence, at, event }: AuditableEntry): readonly Violation[] {
    const found = this.examine(upcast(event), Date.parse(at));
    return found.map(([invariant, says]) => ({ invariant, sequence, says }));
  }

  /** Takes the entry as written. */
  record({ sequence, at, event: stored }: AuditableEntry): void {
    const event = upcast(stored);
    switch (event.type) {
      case 'rotation.requested':
        this.snapshot = event.snapshot;
        break;
      case 'term.taken':
        this.terms.set(event.scope, event.term);
        this.interrupt(event.scope);
        break;
      case 'effect.intended':
        this.begin(event.effect, Date.parse(at));
        break;
      case 'effect.succeeded':
      case 'effect.failed':
        this.settle(event.effectId, event.type === 'effect.succeeded' ? sequence : null);
        break;
      case 'deadlines.renewed':
        for (const host of event.hostIds) this.waitsUntil.set(host, Date.parse(event.until));
        break;
      case 'decision.made':
        this.decisions.set(decisionKey(event.decision), { decision: event.decision, sequence });
        break;
      case 'host.decommissioned':
        this.gone.add(event.hostId);
    }
  }

  private begin(effect: Effect, at: number): void {
    const doneAt = this.traces.get(effect.id)?.doneAt ?? 0;
    this.traces.set(effect.id, { effect, running: true, begunAt: at, doneAt });
  }

  private settle(id: string, doneAt: number | null): void {
    const trace = this.traces.get(id);
    if (!trace) return;
    trace.running = false;
    if (doneAt === null) return;
    trace.doneAt = doneAt;
    if (isHostEffect(trace.effect) && trace.effect.kind === 'host.commit') {
      this.waitsUntil.set(trace.effect.hostId, trace.begunAt + (this.snapshot?.timing.deadlineMs ?? 0));
    }
  }

  private interrupt(scope: Scope | 'all'): void {
    for (const trace of this.traces.values()) {
      if (scope === 'all' || this.scope(trace.effect) === scope) trace.running = false;
    }
  }

  private examine(event: RotationEvent, at: number): Finding[] {
    switch (event.type) {
      case 'term.taken':
        return this.examineTakeover(event.scope, event.term);
      case 'effect.intended':
        return [...this.examineIntent(event.effect), ...this.examineTerm(event.effect, event.term)];
      case 'effect.succeeded':
      case 'effect.failed': {
        const trace = this.traces.get(event.effectId);
        if (!trace?.running) return [['I6', `${event.effectId} ends without having been begun`]];
        return this.examineTerm(trace.effect, event.term);
      }
      case 'decision.made':
        return this.examineDecision(event.decision, at);
      case 'rotation.ended':
        return this.examineEnd(event.status);
      default:
        return [];
    }
  }

  /** Each scope's own terms grow, and no two scopes share one. */
  private examineTakeover(scope: Scope | 'all', term: number): Finding[] {
    const own = Math.max(this.terms.get(scope) ?? 0, this.terms.get('all') ?? 0);
    const shared = [...this.terms].some(([other, newest]) => other !== scope && newest === term);
    return fail(term <= own || shared, 'I9', `term ${term} of ${scope} does not grow`);
  }

  private examineTerm(effect: Effect, term: number | null): Finding[] {
    const newest = this.terms.get(this.scope(effect));
    return fail(term !== null && term !== newest, 'I9', `${effect.id} under term ${term}, newest ${newest}`);
  }

  private examineIntent(effect: Effect): Finding[] {
    const found = fail(this.traces.get(effect.id)?.running === true, 'I6', `${effect.id} is begun twice`);
    if (isHostEffect(effect)) found.push(...this.examineHostIntent(effect));
    if (effect.kind === 'ca.switch-default' || effect.kind === 'ca.allow-new') {
      found.push(...this.unconfirmed('I11', effect.id));
    }
    if (effect.kind === 'ca.withdraw') {
      const switched = this.decisions.has('go/expand.1/0');
      const back = this.everyHost('expand.1/host.prove-reverted');
      found.push(...fail(switched && !back, 'I8', 'the new CA is withdrawn while a host may serve it'));
    }
    return found;
  }

  private examineHostIntent(effect: HostEffect): Finding[] {
    const attempt = effect.id.slice(0, effect.id.indexOf('/'));
    const outcome = this.decisions.get(`outcome/${attempt}`)?.decision.kind;
    switch (effect.kind) {
      case 'host.stage':
        return effect.transition === 'contract' ? this.unconfirmed('I2', effect.id) : [];
      case 'host.commit':
        return [
          ...fail(!this.allowed(attempt, effect.hostId), 'I4', `${effect.id} before its \`go\``),
          ...fail(outcome !== undefined, 'I4', `${effect.id} after \`${outcome}\``),
          ...(effect.transition === 'contract' ? this.examineContract(effect) : []),
        ];
      case 'host.confirm':
        return fail(outcome !== 'keep', 'I4', `${effect.id} before \`keep\``);
      case 'host.revert':
        return fail(outcome !== 'revert', 'I4', `${effect.id} before \`revert\``);
      default:
        return [];
    }
  }

  private examineContract({ id }: HostEffect): Finding[] {
    const restricted = [...this.traces.values()].some(
      ({ effect, doneAt }) => effect.kind === 'ca.restrict-old' && doneAt > 0,
    );
    return [
      ...this.unconfirmed('I2', id),
      ...fail(!restricted, 'I8', `${id} while the old CA can still issue`),
    ];
  }

  private examineDecision(decision: Decision, at: number): Finding[] {
    const key = decisionKey(decision);
    const found = fail(this.decisions.has(key), 'I4', `${key} is decided twice`);
    if (decision.kind === 'activate' || decision.kind === 'contract') {
      found.push(...this.unconfirmed('I7', key));
    }
    if (decision.kind === 'keep') found.push(...this.examineKeep(decision, at));
    return found;
  }

  private examineKeep(decision: Decision & { readonly kind: 'keep' }, at: number): Finding[] {
    const attempt = `${decision.transition}.${decision.attempt}`;
    return this.hosts().flatMap((host) => {
      if (!this.done(`${attempt}/host.prove/${host}`))
        return [['I4', `keep ${attempt}: ${host} is not proven`]];
      const left = (this.waitsUntil.get(host) ?? 0) - at;
      return fail(left <= 0, 'I10', `keep ${attempt}: ${host} stopped waiting ${-left} ms before`);
    });
  }

  private examineEnd(status: string): Finding[] {
    if (status === 'succeeded') return this.examineSuccess();
    const decided = [...this.decisions.values()].map(({ decision }) => decision.kind);
    if (status === 'reverted') {
      return [
        ...fail(decided.includes('activate'), 'I3', 'reverted after `activate`'),
        ...fail(
          !this.everyHost('expand.1/host.prove-reverted'),
          'I3',
          'reverted: a host is not observed back',
        ),
      ];
    }
    return fail(decided.includes('go'), 'I3', `${status} after a host was switched`);
  }

  private examineSuccess(): Finding[] {
    const kept = [...this.decisions].find(
      ([, { decision }]) => decision.kind === 'keep' && decision.transition === 'contract',
    );
    const attempt = kept?.[0].slice('outcome/'.length);
    const all = attempt !== undefined && this.everyHost(`${attempt}/host.confirm`);
    return fail(!all, 'I3', 'succeeded: a host is not observed on the new generation alone');
  }

  /** Every host must have confirmed the overlap after `keep` was written. */
  private unconfirmed(invariant: Invariant, what: string): Finding[] {
    const kept = this.decisions.get('outcome/expand.1');
    if (kept?.decision.kind !== 'keep') return [[invariant, `${what} before the fleet kept the overlap`]];
    return this.hosts().flatMap((host) => {
      const doneAt = this.traces.get(`expand.1/host.confirm/${host}`)?.doneAt ?? 0;
      return fail(doneAt < kept.sequence, invariant, `${what}: ${host} did not confirm the overlap`);
    });
  }

  private allowed(attempt: string, host: string): boolean {
    const wave = this.snapshot?.waves.findIndex((hosts) => hosts.includes(host)) ?? -1;
    return this.decisions.has(`go/${attempt}/${wave}`);
  }

  private everyHost(step: string): boolean {
    return this.hosts().every((host) => this.done(`${step}/${host}`));
  }

  private done(id: string): boolean {
    return (this.traces.get(id)?.doneAt ?? 0) > 0;
  }

  private hosts(): readonly string[] {
    return (this.snapshot?.waves.flat() ?? []).filter((host) => !this.gone.has(host));
  }

  private scope(effect: Effect): Scope {
    if (!this.snapshot) throw new Error('a journal begins with what was asked for');
    return scopeOf(this.snapshot, effect);
  }
}

/** Every violation of a whole journal. */
export function audit(entries: readonly AuditableEntry[]): readonly Violation[] {
  const auditor = new Auditor();
  return entries.flatMap((entry) => {
    const found = auditor.violations(entry);
    auditor.record(entry);
    return found;
  });
}

function fail(broken: boolean, invariant: Invariant, says: string): Finding[] {
  return broken ? [[invariant, says]] : [];
}
