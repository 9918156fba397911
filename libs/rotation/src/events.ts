import type { Effect } from './effects.js';
import type { EndStatus, Reason, RotationSnapshot, TransitionName } from './vocabulary.js';

/** Version of the shapes below. A journal with a higher one is refused (F28). */
export const EVENT_VERSION = 1;

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
  | { readonly kind: 'keep'; readonly transition: TransitionName; readonly attempt: number }
  | { readonly kind: 'revert'; readonly transition: TransitionName; readonly attempt: number }
  | { readonly kind: 'activate'; readonly attempt: number }
  | { readonly kind: 'contract'; readonly attempt: number };

export type RotationEvent = { readonly v: typeof EVENT_VERSION } & RotationEventBody;

export type RotationEventBody =
  | { readonly type: 'rotation.requested'; readonly snapshot: RotationSnapshot }
  /** A worker took the rotation over; what its predecessor left running is unknown until observed. */
  | { readonly type: 'term.taken'; readonly term: number; readonly holder: string }
  /** Written before the effect (I6). */
  | { readonly type: 'effect.intended'; readonly effect: Effect }
  | {
      readonly type: 'effect.succeeded';
      readonly effectId: string;
      readonly result: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'effect.failed';
      readonly effectId: string;
      readonly reason: Reason;
      /** Trying again may help without anybody's doing. */
      readonly transient: boolean;
    }
  | { readonly type: 'decision.made'; readonly decision: Decision; readonly because: string }
  | { readonly type: 'rotation.paused'; readonly by: string; readonly reason: Reason }
  | { readonly type: 'rotation.resumed'; readonly by: string }
  | { readonly type: 'abort.requested'; readonly by: string; readonly because: string }
  | { readonly type: 'rotation.ended'; readonly status: EndStatus; readonly because: string };
