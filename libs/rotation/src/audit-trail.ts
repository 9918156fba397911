import { actorId } from './actor.js';
import { scopeOf } from './batches.js';
import { type Effect, isHostEffect } from './effects.js';
import type { Decision, RotationEvent } from './events.js';
import { digestOfShown } from './shown-trust.js';
import type { RotationSnapshot, Scope, Strategy } from './vocabulary.js';

interface Trace {
  readonly effect: Effect;
  running: boolean;
  /** Sequence of the last intent. */
  begunAt: number;
  /** Milliseconds since the epoch of the last intent. */
  begunTime: number;
  /** Sequence of the last success, 0 before it. */
  doneAt: number;
}

interface Decided {
  readonly decision: Decision;
  readonly sequence: number;
}

/** `expand.1`, `contract.2`, `activate.1`: the try that an effect belongs to. */
export function tryOf({ id }: Effect): string {
  return id.slice(0, id.indexOf('/'));
}

/** What a journal says happened, in the auditor's own book-keeping: it trusts no other reading of it. */
export class AuditTrail {
  private snapshot: RotationSnapshot | null = null;
  private readonly traces = new Map<string, Trace>();
  /** Those of them that run. */
  private readonly begun = new Set<Trace>();
  private waves: ReadonlyMap<string, number> = new Map();
  private readonly decided: Decided[] = [];
  private readonly terms = new Map<Scope | 'all', number>();
  private readonly waits = new Map<string, number>();
  private readonly gone = new Set<string>();
  private abort = false;
  private approval: { readonly by: string; readonly digest: string } | null = null;
  /** What was shown to whoever approves: results of the last success. */
  private readonly shown: { built?: object; samples?: object } = {};
  /** Whether the last look found that nobody needs the old CA, or a person said that it may go. */
  private gate = false;

  /** Takes an entry as written; `at` in milliseconds since the epoch. */
  record(sequence: number, at: number, event: RotationEvent): void {
    switch (event.type) {
      case 'rotation.requested':
        this.snapshot = event.snapshot;
        this.waves = new Map(
          event.snapshot.waves.flatMap((hosts, wave) => hosts.map((host) => [host, wave])),
        );
        break;
      case 'term.taken':
        this.terms.set(event.scope, event.term);
        this.interrupt(event.scope);
        break;
      case 'effect.intended':
        this.begin(event.effect, sequence, at);
        break;
      case 'effect.succeeded':
      case 'effect.failed':
        this.settle(event.effectId, event.type === 'effect.succeeded' ? sequence : null);
        this.look(event);
        break;
      case 'contract.approved':
        this.approval = event;
        break;
      case 'gate.overridden':
        this.gate = true;
        break;
      case 'deadlines.renewed':
        for (const host of event.hostIds) this.waits.set(host, Date.parse(event.until));
        break;
      case 'decision.made':
        this.decided.push({ decision: event.decision, sequence });
        break;
      case 'abort.requested':
        this.abort = true;
        break;
      case 'host.decommissioned':
        this.gone.add(event.hostId);
    }
  }

  private begin(effect: Effect, sequence: number, at: number): void {
    const doneAt = this.doneAt(effect.id);
    const before = this.traces.get(effect.id);
    if (before) this.begun.delete(before);
    const trace = { effect, running: true, begunAt: sequence, begunTime: at, doneAt };
    this.traces.set(effect.id, trace);
    this.begun.add(trace);
  }

  private settle(id: string, doneAt: number | null): void {
    const trace = this.traces.get(id);
    if (!trace) return;
    trace.running = false;
    this.begun.delete(trace);
    if (doneAt === null) return;
    trace.doneAt = doneAt;
    if (isHostEffect(trace.effect) && trace.effect.kind === 'host.commit') {
      this.waits.set(trace.effect.hostId, trace.begunTime + (this.snapshot?.timing.deadlineMs ?? 0));
    }
  }

  private interrupt(scope: Scope | 'all'): void {
    for (const trace of this.begun) {
      if (scope !== 'all' && this.scope(trace.effect) !== scope) continue;
      trace.running = false;
      this.begun.delete(trace);
    }
  }

  private look(event: RotationEvent & { type: 'effect.succeeded' | 'effect.failed' }): void {
    if (event.type === 'effect.failed') return;
    if (this.traces.get(event.effectId)?.effect.kind === 'usage.judge')
      this.gate ||= event.result.open === true;
    if (event.effectId === 'generations.build') this.shown.built = event.result;
    if (event.effectId === 'samples.verify') this.shown.samples = event.result;
  }

  /** Whether the old CA may be dropped as far as its clients go. */
  get gateOpen(): boolean {
    return this.gate || this.snapshot?.contractWhen !== 'unused';
  }

  /** Whether somebody else than who asked for it approved of the change as it is now, where the fleet asks for that. */
  get approved(): boolean {
    const { snapshot, approval } = this;
    const { built, samples } = this.shown;
    if (snapshot?.approval !== 'contract') return true;
    if (!approval || !built || !samples) return false;
    if (actorId(approval.by) === actorId(snapshot.requestedBy)) return false;
    return approval.digest === digestOfShown({ snapshot, built, samples });
  }

  get strategy(): Strategy {
    return this.snapshot?.strategy ?? 'overlap';
  }

  get aborted(): boolean {
    return this.abort;
  }

  /** The newest term of the scope, or of all where no scope had one of its own yet; 0 before the first. */
  newestTerm(scope: Scope | 'all'): number {
    const all = this.terms.get('all') ?? 0;
    return scope === 'all' ? Math.max(0, ...this.terms.values()) : Math.max(all, this.terms.get(scope) ?? 0);
  }

  /** Whether another scope took the term up. */
  isShared(scope: Scope | 'all', term: number): boolean {
    return [...this.terms].some(([other, newest]) => other !== scope && newest === term);
  }

  scope(effect: Effect): Scope {
    if (!this.snapshot) throw new Error('a journal begins with what was asked for');
    return scopeOf(this.snapshot, effect);
  }

  running(id: string): Effect | null {
    const trace = this.traces.get(id);
    return trace?.running ? trace.effect : null;
  }

  /** Sequence of the last success, 0 when it never succeeded. */
  doneAt(id: string): number {
    return this.traces.get(id)?.doneAt ?? 0;
  }

  /** Sequence of the last success of any effect of the kind. */
  lastDone(kind: Effect['kind']): number {
    return this.lastOf(kind, ({ doneAt }) => doneAt);
  }

  /** Sequence of the last intent of any effect of the kind. */
  lastBegun(kind: Effect['kind']): number {
    return this.lastOf(kind, ({ begunAt }) => begunAt);
  }

  private lastOf(kind: Effect['kind'], sequence: (trace: Trace) => number): number {
    const all = [...this.traces.values()].filter(({ effect }) => effect.kind === kind);
    return Math.max(0, ...all.map(sequence));
  }

  /** Sequence of the first decision that `is` says, 0 when there is none. */
  decidedAt(is: (decision: Decision) => boolean): number {
    return this.decided.find(({ decision }) => is(decision))?.sequence ?? 0;
  }

  /** `keep`, `revert` or `refuse` of a try, and its sequence. */
  outcome(attempt: string): { readonly kind: Decision['kind']; readonly sequence: number } | null {
    const found = this.decided.find(
      ({ decision }) =>
        'transition' in decision &&
        decision.kind !== 'go' &&
        `${decision.transition}.${decision.attempt}` === attempt,
    );
    return found ? { kind: found.decision.kind, sequence: found.sequence } : null;
  }

  /** The last try to exchange CRLs in which a host may have been switched. */
  get lastRefresh(): string | null {
    return this.lastTry((one) => one.kind === 'go' && one.transition === 'refresh', 'refresh');
  }

  /** The last try to drop the old CA that was decided on. */
  get lastContract(): string | null {
    return this.lastTry(({ kind }) => kind === 'contract', 'contract');
  }

  private lastTry(is: (decision: Decision) => boolean, name: string): string | null {
    const last = this.decided.findLast(({ decision }) => is(decision))?.decision;
    return last ? `${name}.${last.attempt}` : null;
  }

  /** Whether `go` was decided for the wave of the host. */
  mayGo(attempt: string, host: string): boolean {
    const own = this.waves.get(host) ?? -1;
    return this.decidedAt((one) => isGo(one, attempt) && one.wave === own) > 0;
  }

  /** Whether `go` was decided for any wave. */
  hasGone(attempt: string): boolean {
    return this.decidedAt((one) => isGo(one, attempt)) > 0;
  }

  /** Milliseconds since the epoch until which a switched host waits for the decision. */
  waitsUntil(host: string): number {
    return this.waits.get(host) ?? 0;
  }

  /** Every host of the snapshot that nobody gave up. */
  hosts(): readonly string[] {
    return (this.snapshot?.waves.flat() ?? []).filter((host) => !this.gone.has(host));
  }
}

function isGo(decision: Decision, attempt: string): decision is Decision & { kind: 'go' } {
  return decision.kind === 'go' && `${decision.transition}.${decision.attempt}` === attempt;
}
