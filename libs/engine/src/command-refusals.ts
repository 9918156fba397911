import { decidedKind, type RotationState, statusOf } from '#rotation';
import { caLabel } from './perform/issuer-certificate.js';
import type { Fleet } from './ports/fleet-store.js';
import { PortError } from './ports/problem.js';
import type { GenerationSuperseded, ResourceHeld } from './ports/rotation-store.js';

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

/** Each time the fleet was read, another rotation ended before this one had its locks. */
export function overtaken(error: GenerationSuperseded): PortError {
  return new PortError(
    {
      code: 'rotation.conflict',
      message: `Other rotations of fleet ${error.fleetName} ended while this one was asked for, and changed what it would begin with each time.`,
      nextStep:
        'Look at the rotations of the fleet (GET /v1/rotations), and start again if it is still needed.',
    },
    { cause: error, transient: true },
  );
}

export function tooLate(state: RotationState): PortError {
  const kind = decidedKind(state, 'outcome/expand.1') ?? 'contract';
  return new PortError({
    code: 'rotation.too-late',
    message: `The fleet has decided (${kind}); the rotation is in phase ${state.phase}.`,
    nextStep:
      kind === 'contract'
        ? 'What is distrusted goes from every host, and nobody goes back; decommission a host that stands in the way.'
        : kind === 'keep'
          ? 'It is past the point where an abort goes back by itself; the fleet trusts both CAs meanwhile.'
          : 'It is on its way back already; follow it until it has ended.',
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
export class RotationChanged extends PortError {
  /** The rotation's revision now. */
  readonly revision: number;

  constructor(state: RotationState) {
    super({
      code: 'rotation.changed',
      message: `Rotation ${state.snapshot.rotationId} is ${statusOf(state)} in phase ${state.phase} and at revision ${state.revision}, which is not the one that the request is based on.`,
      nextStep: 'Read it again, and repeat the request with its new ETag if you still want it.',
    });
    this.revision = state.revision;
  }
}

export function notPaused(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.not-paused',
    message: `Rotation ${state.snapshot.rotationId} is ${statusOf(state)}, not paused.`,
    nextStep: 'Only a paused rotation can be resumed; read its explanation.',
  });
}

export function gateOpen(state: RotationState): PortError {
  const { phase } = state;
  return new PortError({
    code: 'rotation.gate-open',
    message: `Rotation ${state.snapshot.rotationId} is in phase ${phase}, and no gate keeps it there.`,
    nextStep: 'Read its explanation: only a soak whose gate is closed can be overridden.',
  });
}

export function nothingToRetry(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.nothing-to-retry',
    message: `Rotation ${state.snapshot.rotationId} is ${statusOf(state)}, and nothing in it waits for another try.`,
    nextStep: state.paused ? 'It is paused: resume it.' : 'Read its explanation.',
  });
}

export function notBlocked({ snapshot }: RotationState, hostId: string): PortError {
  if (!Object.hasOwn(snapshot.hostNames, hostId)) {
    return new PortError({
      code: 'host.not-found',
      message: `Rotation ${snapshot.rotationId} has no host ${hostId}.`,
      nextStep: 'Read the rotation, and take the id from its hosts.',
    });
  }
  return new PortError({
    code: 'rotation.host-not-blocked',
    message: `Host ${snapshot.hostNames[hostId]} does not block rotation ${snapshot.rotationId}.`,
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

/** A switch of the default issuer would lock out the clients of every fleet that does not trust the new CA. */
export function sharedCa(fleet: Fleet, missing: readonly { id: string; name: string }[]): PortError {
  const names = missing.map(({ name }) => name).join(', ');
  return new PortError({
    code: 'ca.shared',
    message: `The ${caLabel(fleet.issuingCa)} of fleet ${fleet.name} also serves ${names}, whose clients would get certificates that its hosts do not trust.`,
    nextStep: `Rotate them together: name ${missing.map(({ id }) => id).join(', ')} in "together".`,
  });
}

export function notTogether(): PortError {
  return new PortError({
    code: 'rotation.one-fleet-only',
    message: 'This strategy works on one fleet at a time.',
    nextStep: 'Leave `together` out, and start one rotation for each fleet.',
  });
}

export function notSharing(fleet: Fleet, other: Fleet): PortError {
  return new PortError({
    code: 'ca.not-shared',
    message: `Fleet ${other.name} does not trust the ${caLabel(fleet.issuingCa)} of fleet ${fleet.name}, or has no hosts.`,
    nextStep: 'Leave it out of "together", and rotate it by itself.',
  });
}
