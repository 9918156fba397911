import { type Effect, isHostEffect, type RotationState } from '#rotation';
import type { Lease } from '../ports/journal.js';
import type { TracedFields, TracedStep } from '../ports/tracing.js';

/** One turn of a worker at one scope: part of the trace of the request that the rotation began with. */
export function driveStep({ scope, term, holder }: Lease, { snapshot }: RotationState): TracedStep {
  return {
    name: 'rotation.drive',
    fields: {
      ...rotationFields({ snapshot }),
      ...{ 'windlass.scope': scope, 'windlass.term': term, 'windlass.worker': holder },
    },
    origin: snapshot.traceparent,
  };
}

/** One try of an effect; on a host with its name. */
export function effectStep(effect: Effect, state: RotationState): TracedStep {
  const { hostNames } = state.snapshot;
  return {
    name: effect.kind,
    fields: {
      ...rotationFields(state),
      'windlass.effect.id': effect.id,
      'windlass.effect.attempt': state.effects.get(effect.id)?.attempts ?? 1,
      'windlass.phase': state.phase,
      ...(isHostEffect(effect)
        ? {
            'windlass.host.id': effect.hostId,
            'windlass.host.name': hostNames[effect.hostId] ?? effect.hostId,
            'windlass.transition': effect.transition,
          }
        : {}),
    },
  };
}

function rotationFields({ snapshot }: Pick<RotationState, 'snapshot'>): TracedFields {
  return {
    'windlass.rotation.id': snapshot.rotationId,
    'windlass.fleet.id': snapshot.fleetId,
    'windlass.fleet.name': snapshot.fleetName,
    'windlass.strategy': snapshot.strategy,
  };
}
