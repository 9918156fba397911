import { isApproved, needsApproval, type RotationState, trustDiffDigest, trustDiffInWords } from '#rotation';
import { PortError } from './ports/problem.js';

function approvalNotNeeded({ snapshot }: RotationState): PortError {
  const why =
    snapshot.strategy === 'overlap'
      ? `its fleet asked for no approval when the rotation was asked for`
      : `the strategy \`${snapshot.strategy}\` waits for none`;
  return new PortError({
    code: 'rotation.approval-not-needed',
    message: `Rotation ${snapshot.rotationId} needs no second person: ${why}.`,
    nextStep: 'Read its explanation; a fleet asks for a second person with `approval`.',
  });
}

export function ownRequest({ snapshot }: RotationState): PortError {
  return new PortError({
    code: 'rotation.own-request',
    message: `${snapshot.requestedBy} asked for rotation ${snapshot.rotationId}, so somebody else has to approve.`,
    nextStep: 'Let a second person approve with a key of their own: POST /v1/api-keys makes one.',
  });
}

/** Why nobody may approve now. */
export function notAwaited(state: RotationState): PortError {
  if (!needsApproval(state)) return approvalNotNeeded(state);
  const { snapshot, approval, phase } = state;
  if (approval !== null && isApproved(state)) {
    return new PortError({
      code: 'rotation.approved-already',
      message: `${approval.by} approved rotation ${snapshot.rotationId} at ${approval.at}.`,
      nextStep: 'Nothing is left to approve; follow the rotation.',
    });
  }
  const why = phase === 'soak' ? 'clients may still need the old CA' : `it is in phase ${phase}`;
  return new PortError({
    code: 'rotation.approval-not-awaited',
    message: `Rotation ${snapshot.rotationId} does not wait for an approval yet: ${why}.`,
    nextStep: 'Approve when its explanation says that it waits for you.',
  });
}

export function otherTrustDiff(state: RotationState): PortError {
  return new PortError({
    code: 'rotation.other-trust-diff',
    message: `The change of trust of rotation ${state.snapshot.rotationId} is another one than the one with the digest given. It has the digest ${trustDiffDigest(state)}: ${trustDiffInWords(state)}`,
    nextStep: 'Look at it again, and approve with its digest if you agree.',
  });
}
