import type { Effect } from './effects.js';
import type { EndStatus, Reason, RotationSnapshot, Scope, TransitionName } from './vocabulary.js';

/** Version of the shapes below. Older ones are read through `upcast`; a higher one is refused (F28). */
export const EVENT_VERSION = 6;

/**
 * Decisions are written once, by compare-and-set, before their first effect (I4). `attempt` counts the tries
 * of an activation or a contract that failed and was resumed by a person.
 */
export type Decision =
  | {
      readonly kind: 'go';
      readonly transition: TransitionName;
      readonly attempt: number;
      readonly wave: number;
    }
  /** Nothing was switched and nothing will be: what was staged is dropped, and no host that comes back changes that. */
  | { readonly kind: 'refuse'; readonly transition: TransitionName; readonly attempt: number }
  | { readonly kind: 'keep'; readonly transition: TransitionName; readonly attempt: number }
  | { readonly kind: 'revert'; readonly transition: TransitionName; readonly attempt: number }
  | { readonly kind: 'activate'; readonly attempt: number }
  | { readonly kind: 'contract'; readonly attempt: number };

export type RotationEvent = { readonly v: typeof EVENT_VERSION } & RotationEventBody;

/** The first entry of every journal. */
export type RotationRequested = Extract<RotationEvent, { readonly type: 'rotation.requested' }>;

/** `term`: the lease under which it was written; null in entries of a release that had one lease for all. */
export type RotationEventBody =
  | { readonly type: 'rotation.requested'; readonly snapshot: RotationSnapshot }
  /** A worker took a scope over; what its predecessor left running there is unknown until observed. */
  | {
      readonly type: 'term.taken';
      readonly scope: Scope | 'all';
      readonly term: number;
      readonly holder: string;
    }
  /** Written before the effect (I6). */
  | { readonly type: 'effect.intended'; readonly effect: Effect; readonly term: number | null }
  | {
      readonly type: 'effect.succeeded';
      readonly effectId: string;
      readonly result: Readonly<Record<string, unknown>>;
      readonly term: number | null;
    }
  | {
      readonly type: 'effect.failed';
      readonly effectId: string;
      readonly reason: Reason;
      /** Trying again may help without anybody's doing. */
      readonly transient: boolean;
      readonly term: number | null;
    }
  /** Switched hosts that wait for the fleet's decision will not go back by themselves before `until`. */
  | {
      readonly type: 'deadlines.renewed';
      readonly hostIds: readonly string[];
      /** RFC 3339, by the clock of the journal: read before the first host was told. */
      readonly until: string;
      readonly term: number;
    }
  | { readonly type: 'decision.made'; readonly decision: Decision; readonly because: string }
  | { readonly type: 'rotation.paused'; readonly by: string; readonly reason: Reason }
  | { readonly type: 'rotation.resumed'; readonly by: string }
  /** What failed is tried again at once instead of after its pause. */
  | { readonly type: 'retry.requested'; readonly by: string }
  | { readonly type: 'abort.requested'; readonly by: string; readonly because: string }
  /** A person takes it upon themselves that the old CA is dropped although it may still be needed. */
  | { readonly type: 'gate.overridden'; readonly by: string; readonly because: string }
  /** A second person approved of the change of trust with this digest, before the old CA is dropped. */
  | { readonly type: 'contract.approved'; readonly by: string; readonly digest: string }
  /** A person gave up on a blocked host: the rotation ends without it, and says so. */
  | {
      readonly type: 'host.decommissioned';
      readonly hostId: string;
      readonly by: string;
      readonly because: string;
    }
  | { readonly type: 'rotation.ended'; readonly status: EndStatus; readonly because: string };
