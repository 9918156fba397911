import type { RotationEvent } from './events.js';

/** Every event that may follow the first, told apart as far as the transition table needs. */
export const SIGNALS = [
  'term.taken',
  'effect.intended',
  'effect.succeeded',
  'effect.failed',
  'deadlines.renewed',
  'go expand',
  'refuse expand',
  'keep expand',
  'revert expand',
  'activate',
  'contract',
  'go refresh',
  'refuse refresh',
  'keep refresh',
  'revert refresh',
  'go contract',
  'refuse contract',
  'keep contract',
  'revert contract',
  'rotation.paused',
  'rotation.resumed',
  'retry.requested',
  'abort.requested',
  'host.decommissioned',
  'gate.overridden',
  'contract.approved',
  'ended succeeded',
  'ended reverted',
  'ended refused',
  'ended cancelled',
] as const;
export type Signal = (typeof SIGNALS)[number];

export function signalOf(event: Exclude<RotationEvent, { type: 'rotation.requested' }>): Signal {
  switch (event.type) {
    case 'decision.made': {
      const { decision } = event;
      return 'transition' in decision ? `${decision.kind} ${decision.transition}` : decision.kind;
    }
    case 'rotation.ended':
      return `ended ${event.status}`;
    default:
      return event.type;
  }
}
