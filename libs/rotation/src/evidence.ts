import { type Effect, isHostEffect } from './effects.js';
import type { Decision, RotationEvent } from './events.js';
import { type ReducibleEntry, reduceEach } from './reduce.js';
import type { RotationState } from './state.js';
import { statusOf } from './status.js';
import { upcast } from './upcast.js';
import type { EndStatus, Reason, RotationPhase, RotationSnapshot } from './vocabulary.js';

/** Where in the journal, and when. */
interface Placed {
  readonly sequence: number;
  readonly at: string;
}

/** What one host was found to be, and what it answered; as its effects were journalled. */
export interface HostEvidence extends Placed {
  readonly effectId: string;
  readonly result: Readonly<Record<string, unknown>>;
}

/** What somebody wanted of the rotation. Windlass itself pauses one that failed. */
export interface WishEvidence extends Placed {
  readonly wish: RotationEvent['type'];
  readonly by: string;
  /** Why, in their words; null where none are asked for. */
  readonly because: string | null;
  /** The host that was given up, or null. */
  readonly hostId: string | null;
  /** Digest of the change of trust that was approved of, or null. */
  readonly digest: string | null;
}

/**
 * All that the journal of a rotation proves, in the order it happened. Nothing in it is computed from anything else,
 * so that the same journal gives the same evidence for ever.
 */
export interface Evidence {
  readonly snapshot: RotationSnapshot;
  readonly requestedAt: string;
  readonly status: ReturnType<typeof statusOf>;
  readonly ended: { readonly status: EndStatus; readonly because: string; readonly at: string } | null;
  readonly phases: readonly (Placed & { readonly phase: RotationPhase })[];
  readonly decisions: readonly (Placed & { readonly decision: Decision; readonly because: string })[];
  readonly wishes: readonly WishEvidence[];
  /** What was done at the CA and to our own records, with what came of it. */
  readonly fleet: readonly HostEvidence[];
  readonly hosts: readonly {
    readonly hostId: string;
    readonly name: string;
    readonly decommissioned: boolean;
    readonly steps: readonly HostEvidence[];
  }[];
  readonly failures: readonly (Placed & {
    readonly effectId: string;
    readonly reason: Reason;
    readonly transient: boolean;
  })[];
}

/** Null for a journal without entries. Throws IllegalEvent for one that no release wrote. */
export function evidenceOf(entries: readonly ReducibleEntry[]): Evidence | null {
  const gathering = new Gathering();
  reduceEach(null, entries, (state, entry) => gathering.take(state, entry));
  return gathering.evidence();
}

class Gathering {
  private state: RotationState | null = null;
  private readonly effects = new Map<string, Effect>();
  private readonly phases: (Placed & { phase: RotationPhase })[] = [];
  private readonly decisions: (Placed & { decision: Decision; because: string })[] = [];
  private readonly wishes: WishEvidence[] = [];
  /** By host; null for what was done for the fleet. */
  private readonly steps = new Map<string | null, HostEvidence[]>();
  private readonly failures: Evidence['failures'][number][] = [];

  take(state: RotationState, entry: ReducibleEntry): void {
    this.state = state;
    const { sequence, at } = entry;
    const { phase } = state;
    if (this.phases.at(-1)?.phase !== phase) this.phases.push({ sequence, at, phase });
    this.file({ sequence, at }, upcast(entry.event));
  }

  evidence(): Evidence | null {
    const { state } = this;
    if (state === null) return null;
    const { phases, decisions, wishes, failures, steps } = this;
    return {
      ...{
        snapshot: state.snapshot,
        requestedAt: state.requestedAt,
        status: statusOf(state),
        ended: state.ended,
      },
      ...{ phases, decisions, wishes, failures },
      fleet: steps.get(null) ?? [],
      hosts: state.snapshot.waves.flat().map((hostId) => ({
        hostId,
        name: state.snapshot.hostNames[hostId] ?? hostId,
        decommissioned: state.decommissioned.has(hostId),
        steps: steps.get(hostId) ?? [],
      })),
    };
  }

  private file(place: Placed, event: RotationEvent): void {
    switch (event.type) {
      case 'effect.intended':
        this.effects.set(event.effect.id, event.effect);
        break;
      case 'effect.succeeded':
        this.fileStep({ ...place, effectId: event.effectId, result: event.result });
        break;
      case 'effect.failed': {
        const { effectId, reason, transient } = event;
        this.failures.push({ ...place, effectId, reason, transient });
        break;
      }
      case 'decision.made':
        this.decisions.push({ ...place, decision: event.decision, because: event.because });
        break;
      default:
        if ('by' in event) this.wishes.push({ ...place, ...wishOf(event) });
    }
  }

  private fileStep(step: HostEvidence): void {
    const host = this.hostOf(step.effectId);
    const known = this.steps.get(host);
    if (known) known.push(step);
    else this.steps.set(host, [step]);
  }

  private hostOf(effectId: string): string | null {
    const effect = this.effects.get(effectId);
    return effect && isHostEffect(effect) ? effect.hostId : null;
  }
}

function wishOf(event: Extract<RotationEvent, { readonly by: string }>): Omit<WishEvidence, keyof Placed> {
  const none = { because: null, hostId: null, digest: null };
  const { type: wish, by } = event;
  switch (event.type) {
    case 'rotation.paused':
      return { ...none, wish, by, because: event.reason.message };
    case 'contract.approved':
      return { ...none, wish, by, digest: event.digest };
    case 'host.decommissioned':
      return { ...none, wish, by, because: event.because, hostId: event.hostId };
    case 'abort.requested':
    case 'gate.overridden':
      return { ...none, wish, by, because: event.because };
    case 'rotation.resumed':
    case 'retry.requested':
      return { ...none, wish, by };
  }
}
