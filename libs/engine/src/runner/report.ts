import {
  type Effect,
  isHostEffect,
  type Reason,
  type RotationEventBody,
  type RotationState,
} from '#rotation';
import { PortError } from '../ports/problem.js';

type Failure = Extract<RotationEventBody, { type: 'effect.failed' }>;

/** Only what adapters say on purpose is shown to people; anything else is our defect and is named as one. */
export function failureOf(effect: Effect, error: unknown, state: RotationState, term: number): Failure {
  const event = { type: 'effect.failed', effectId: effect.id, term } as const;
  if (error instanceof PortError) return { ...event, reason: error.problem, transient: error.transient };
  const host = isHostEffect(effect) ? state.snapshot.hostNames[effect.hostId] : undefined;
  const name = error instanceof Error ? error.name : 'unknown error';
  const reason: Reason = {
    code: 'windlass.defect',
    message: `Windlass itself failed in ${effect.id}${host ? ` on ${host}` : ''} (${name}).`,
    nextStep: 'Report it with the worker log; the rotation is undone or held meanwhile.',
  };
  return { ...event, reason, transient: false };
}
