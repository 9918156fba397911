import { AuditTrail, tryOf } from './audit-trail.js';
import {
  contracting,
  everyHost,
  type Finding,
  fail,
  returned,
  unconfirmed,
  unkept,
} from './audited-overlap.js';
import { type Effect, type HostEffect, isHostEffect } from './effects.js';
import type { Decision, RotationEvent } from './events.js';
import type { Violation } from './invariants.js';
import { type StoredEvent, upcast } from './upcast.js';

export interface AuditableEntry {
  readonly sequence: number;
  readonly at: string;
  readonly event: StoredEvent;
}

/** Version 1 had one lease for everything and no deadlines: neither can be asked of its entries. */
const WITHOUT_DEADLINES = 1;

/** What only a CA that was told to activate may be asked. */
const ACTIVATING: ReadonlySet<Effect['kind']> = new Set([
  'ca.allow-new',
  'ca.new-leaf',
  'ca.switch-default',
  'ca.move-roles',
  'ca.restrict-old',
  'ca.fall-back',
]);

/**
 * Reads a journal a second time, by other rules than `reduce`: not what is legal, but what may never be. It
 * shares no condition with the transition table on purpose, so that a mistake there is found here.
 */
export class Auditor {
  private readonly trail = new AuditTrail();

  /** What the entry would break, were it the next one. Changes nothing. */
  violations({ sequence, at, event }: AuditableEntry): readonly Violation[] {
    const found = this.examine(upcast(event), event.v, Date.parse(at));
    return found.map(([invariant, says]) => ({ invariant, sequence, says }));
  }

  /** Takes the entry as written. */
  record({ sequence, at, event }: AuditableEntry): void {
    this.trail.record(sequence, Date.parse(at), upcast(event));
  }

  private examine(event: RotationEvent, version: number, at: number): Finding[] {
    switch (event.type) {
      case 'term.taken':
        return this.examineTakeover(event);
      case 'effect.intended':
        return [...this.examineIntent(event.effect), ...this.examineTerm(event.effect, event.term, version)];
      case 'effect.succeeded':
      case 'effect.failed': {
        const effect = this.trail.running(event.effectId);
        if (!effect) return [['I6', `${event.effectId} ends without having been begun`]];
        return this.examineTerm(effect, event.term, version);
      }
      case 'deadlines.renewed':
        return this.examineRenewal(event);
      case 'decision.made':
        return this.examineDecision(event.decision, version === WITHOUT_DEADLINES ? null : at);
      case 'abort.requested': {
        const outcome = this.trail.outcome('expand.1');
        return fail(outcome !== null, 'I4', `an abort behind \`${outcome?.kind}\``);
      }
      case 'rotation.ended':
        return this.examineEnd(event.status);
      default:
        return [];
    }
  }

  /** Each scope's own terms grow, and no two scopes share one. */
  private examineTakeover({ scope, term }: RotationEvent & { type: 'term.taken' }): Finding[] {
    const grows = term > this.trail.newestTerm(scope) && !this.trail.isShared(scope, term);
    return fail(!grows, 'I9', `term ${term} of ${scope} does not grow`);
  }

  private examineTerm(effect: Effect, term: number | null, version: number): Finding[] {
    if (term === null && version === WITHOUT_DEADLINES) return [];
    const newest = this.trail.newestTerm(this.trail.scope(effect));
    return fail(term !== newest, 'I9', `${effect.id} under term ${term}, newest ${newest}`);
  }

  private examineRenewal({ hostIds, term }: RotationEvent & { type: 'deadlines.renewed' }): Finding[] {
    return hostIds.flatMap((hostId) => {
      const any = { id: '', kind: 'host.commit', hostId, transition: 'expand' } as const;
      const newest = this.trail.newestTerm(this.trail.scope(any));
      return fail(term !== newest, 'I9', `${hostId} is kept waiting under term ${term}, newest ${newest}`);
    });
  }

  private examineIntent(effect: Effect): Finding[] {
    const begun = this.trail.running(effect.id) !== null;
    const found = fail(begun, 'I6', `${effect.id} is begun twice at once`);
    return [...found, ...(isHostEffect(effect) ? this.examineHost(effect) : this.examineCa(effect))];
  }

  private examineCa(effect: Effect): Finding[] {
    const found: Finding[] = [];
    if (ACTIVATING.has(effect.kind)) {
      const decided = this.trail.decidedAt(
        (one) => one.kind === 'activate' && `activate.${one.attempt}` === tryOf(effect),
      );
      found.push(...fail(decided === 0, 'I4', `${effect.id} before \`activate\``));
    }
    if (['ca.allow-new', 'ca.switch-default', 'ca.move-roles'].includes(effect.kind)) {
      found.push(...unconfirmed(this.trail, 'I11', effect.id));
    }
    if (effect.kind === 'ca.fall-back') {
      const dropping = this.trail.decidedAt((one) => one.kind === 'go' && one.transition === 'contract') > 0;
      found.push(...fail(dropping, 'I8', 'the old CA may issue again while hosts drop it'));
    }
    if (effect.kind === 'ca.withdraw') {
      const back = returned(this.trail);
      const switched = this.trail.hasGone('expand.1');
      found.push(...fail(switched && !back, 'I8', 'the new CA is withdrawn while a host may serve it'));
    }
    return found;
  }

  private examineHost(effect: HostEffect): Finding[] {
    const { id, kind, hostId, transition } = effect;
    const dropsOneWay = transition === 'contract' && this.trail.strategy === 'distrust';
    if (dropsOneWay) return this.examineDistrust(effect);
    const outcome = this.trail.outcome(tryOf(effect))?.kind;
    switch (kind) {
      case 'host.stage':
        if (transition === 'refresh')
          return [...unkept(this.trail, 'I2', id), ...contracting(this.trail, id)];
        return transition === 'contract' ? unconfirmed(this.trail, 'I2', id) : [];
      case 'host.commit':
        return [
          ...fail(!this.trail.mayGo(tryOf(effect), hostId), 'I4', `${id} before its \`go\``),
          ...fail(this.doneInTry(effect, 'host.stage') === 0, 'I4', `${id} without a vote`),
          ...fail(outcome !== undefined, 'I4', `${id} after \`${outcome}\``),
          ...(transition === 'contract' ? this.examineContract(effect) : []),
        ];
      case 'host.confirm':
        return fail(outcome !== 'keep', 'I4', `${id} before \`keep\``);
      case 'host.reconcile':
        return fail(this.trail.outcome('expand.1')?.kind !== 'keep', 'I4', `${id} before \`keep\``);
      case 'host.revert':
      case 'host.prove-reverted':
        return fail(outcome !== 'revert', 'I4', `${id} before \`revert\``);
      default:
        return [];
    }
  }

  /** Nothing goes back, and nothing is switched before that was decided (I12). */
  private examineDistrust({ id, kind }: HostEffect): Finding[] {
    const kept = this.trail.outcome('contract.1')?.kind === 'keep';
    const known = kind === 'host.confirm' || kind === 'host.drained';
    return [
      ...fail(!kept, 'I4', `${id} before \`keep\``),
      ...fail(!known, 'I12', `${id} has no place where an anchor is distrusted`),
    ];
  }

  private examineContract(effect: HostEffect): Finding[] {
    const decided = this.trail.decidedAt(
      (one) => one.kind === 'contract' && `contract.${one.attempt}` === tryOf(effect),
    );
    const restricted = this.trail.lastDone('ca.restrict-old') > this.trail.lastBegun('ca.fall-back');
    return [
      ...unconfirmed(this.trail, 'I2', effect.id),
      ...fail(decided === 0, 'I4', `${effect.id} before \`contract\``),
      ...fail(
        !restricted && this.trail.strategy === 'overlap',
        'I8',
        `${effect.id} while the old CA can still issue`,
      ),
    ];
  }

  /** `at` null: the entry is of a release in which no host waited for anything. */
  private examineDecision(decision: Decision, at: number | null): Finding[] {
    const name = nameOf(decision);
    const found = fail(
      this.trail.decidedAt((one) => nameOf(one) === name) > 0,
      'I4',
      `${name} is decided twice`,
    );
    if (decision.kind === 'contract') {
      found.push(
        ...fail(!this.trail.gateOpen, 'I8', `${name} while clients may need the old CA`),
        ...fail(!this.trail.approved, 'I14', `${name} that no second person approved as it is`),
      );
    }
    if (this.trail.strategy === 'distrust') return [...found, ...this.examineOneWay(decision, name)];
    if (!('transition' in decision)) return [...found, ...unconfirmed(this.trail, 'I7', name)];
    if (decision.transition === 'refresh' && decision.kind === 'go')
      found.push(...contracting(this.trail, name));
    const attempt = `${decision.transition}.${decision.attempt}`;
    const outcome = this.trail.outcome(attempt)?.kind;
    if (outcome !== decision.kind) {
      found.push(...fail(outcome !== undefined, 'I4', `${name} behind \`${outcome}\``));
    }
    if (decision.kind === 'refuse') {
      found.push(...fail(this.trail.hasGone(attempt), 'I4', `${name} behind \`go\``));
    }
    if (decision.kind === 'keep') found.push(...this.examineKeep(attempt, at));
    return found;
  }

  private examineOneWay(decision: Decision, name: string): Finding[] {
    const back = decision.kind === 'revert' || decision.kind === 'go' || decision.kind === 'activate';
    const first = this.trail.decidedAt(({ kind }) => kind === 'contract') > 0;
    return [
      ...fail(back, 'I12', `${name} where an anchor is distrusted`),
      ...fail(decision.kind === 'keep' && !first, 'I4', `${name} before \`contract\``),
      ...fail(decision.kind === 'refuse' && first, 'I12', `${name} behind \`contract\``),
    ];
  }

  private examineKeep(attempt: string, at: number | null): Finding[] {
    const aborted = attempt === 'expand.1' && this.trail.aborted;
    const hosts = this.trail.hosts().flatMap((host): Finding[] => {
      const proven = this.trail.doneAt(`${attempt}/host.prove/${host}`);
      if (proven <= this.trail.doneAt(`${attempt}/host.commit/${host}`)) {
        return [['I4', `keep ${attempt}: ${host} is not proven`]];
      }
      if (at === null) return [];
      const left = this.trail.waitsUntil(host) - at;
      return fail(left <= 0, 'I10', `keep ${attempt}: ${host} stopped waiting ${-left} ms before`);
    });
    return [...fail(aborted, 'I4', `keep ${attempt} behind an abort`), ...hosts];
  }

  private examineEnd(status: string): Finding[] {
    if (status === 'succeeded') return this.examineSuccess();
    if (status === 'reverted') {
      const activated = this.trail.decidedAt(({ kind }) => kind === 'activate') > 0;
      return [
        ...fail(activated, 'I3', 'reverted after `activate`'),
        ...fail(!returned(this.trail), 'I3', 'reverted: a host is not observed back'),
      ];
    }
    const gone = this.trail.decidedAt(({ kind }) => kind === 'go') > 0;
    return fail(gone, 'I3', `${status} after a host was switched`);
  }

  private examineSuccess(): Finding[] {
    const { strategy } = this.trail;
    // By names and not by `COURSES`, whose mistakes are to be found here.
    const last = ['replace', 'sync', 'refresh'].includes(strategy) ? 'expand' : 'contract';
    let attempt = '';
    const kept = this.trail.decidedAt((one) => {
      if (one.kind !== 'keep' || one.transition !== last) return false;
      attempt = `${last}.${one.attempt}`;
      return true;
    });
    const all = kept > 0 && everyHost(this.trail, `${attempt}/host.confirm`, kept);
    const mute = strategy !== 'distrust' || this.trail.lastDone('ca.stop-issuing') > 0;
    return [
      ...fail(!all, 'I3', 'succeeded: a host is not observed on the new generation alone'),
      ...fail(!mute, 'I8', 'succeeded while what is distrusted may still issue'),
    ];
  }

  private doneInTry(effect: HostEffect, step: HostEffect['kind']): number {
    return this.trail.doneAt(`${tryOf(effect)}/${step}/${effect.hostId}`);
  }
}

/** What may be decided once. */
function nameOf(decision: Decision): string {
  const wave = decision.kind === 'go' ? `/${decision.wave}` : '';
  const transition = 'transition' in decision ? ` ${decision.transition}` : '';
  return `${decision.kind}${transition}.${decision.attempt}${wave}`;
}
