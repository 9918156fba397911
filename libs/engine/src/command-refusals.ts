import { type RotationState, statusOf } from '#rotation';
import { PortError } from './ports/problem.js';
import type { ResourceHeld } from './ports/rotation-store.js';

export function held(error: ResourceHeld): PortError {
  return new PortError(
    {
      code: 'rotation.conflict',
      message: `Rotation ${error.holderRotationId} already works on ${error.resource}.`,
      nextStep: `Watch it at /v1/rotations/${error.holderRotationId} and start again when it has ended.`,
    },
    { cause: error },
  );
}

export function tooLate(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.too-late',
    message: `The fleet has decided (${state.decisions.get('outcome/expand.1')?.decision.kind ?? ''}); the rotation is in phase ${state.phase}.`,
    nextStep: 'It is past the point where an abort goes back by itself; the fleet trusts both CAs meanwhile.',
  });
}

export function ended(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.ended',
    message: `Rotation ${state.snapshot.rotationId} ended as ${statusOf(state)}.`,
    nextStep: 'Start a new one if it is needed.',
  });
}

/** The state that the wish was based on is gone: read it and decide again (RFC 9110 13.1.1). */
export function changed(state: RotationState, revision: number): PortError {
  return new PortError({
    code: 'rotation.changed',
    message: `Rotation ${state.snapshot.rotationId} is at revision ${state.revision} (${statusOf(state)}, phase ${state.phase}), not at ${revision}.`,
    nextStep: 'Read it again, and repeat the request with its new ETag if you still want it.',
  });
}

export function notPaused(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.not-paused',
    message: `Rotation ${state.snapshot.rotationId} is ${statusOf(state)}, not paused.`,
    nextStep: 'Only a paused rotation can be resumed; read its explanation.',
  });
}

export function nothingToRetry(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.nothing-to-retry',
    message: `Rotation ${state.snapshot.rotationId} is ${statusOf(state)}, and nothing in it waits for another try.`,
    nextStep: state.paused ? 'It is paused: resume it.' : 'Read its explanation.',
  });
}

export function notBlocked(state: RotationState, hostId: string): PortError {
  const name = state.snapshot.hostNames[hostId];
  return new PortError({
    code: 'rotation.host-not-blocked',
    message: name
      ? `Host ${name} does not block the rotation.`
      : `There is no host ${hostId} in this rotation.`,
    nextStep: 'Only a host that the rotation waits for may be given up; its blocks name them.',
  });
}

export function lastHost(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.last-host',
    message: `It is the last host of rotation ${state.snapshot.rotationId}.`,
    nextStep: 'Bring the host back, or abort the rotation: a fleet without a host proves nothing.',
  });
}
