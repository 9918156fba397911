import { PortError } from '#engine';

export function nameTaken(name: string): PortError {
  return new PortError({
    code: 'fleet.name-taken',
    message: `There is a fleet ${name} already.`,
    nextStep: 'Take another name, or use the fleet that has it.',
  });
}

export function withoutLogin(fleet: string): PortError {
  return new PortError({
    code: 'ca.without-login',
    message: `The CA of fleet ${fleet} is uploaded, and nobody logs in to it.`,
    nextStep: 'Upload its next CA: POST /v1/fleets/<id>/uploaded-cas.',
  });
}
