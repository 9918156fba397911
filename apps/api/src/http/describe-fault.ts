import { HttpException, NotFoundException } from '@nestjs/common';
import { JournalConflict, PortError, RotationChanged } from '#engine';
import { IllegalEvent } from '#rotation';
import { etagOf } from '../rotations/if-match.js';
import { isProblemCode } from './problem-kinds.js';
import { RequestFault } from './request-fault.js';

/** Anything that was thrown, as the fault that the caller may read. Unknown things tell nothing of themselves. */
export function describeFault(error: unknown): RequestFault {
  if (error instanceof RequestFault) return error;
  if (error instanceof PortError) return ofPort(error);
  if (error instanceof JournalConflict) return busy(error);
  if (error instanceof IllegalEvent) return unreadable(error);
  if (error instanceof NotFoundException) return unknownRoute();
  return ofFramework(error) ?? defect();
}

function ofPort(error: PortError): RequestFault {
  const { problem, transient } = error;
  const code = isProblemCode(problem.code) ? problem.code : 'windlass.defect';
  const headers = {
    ...(transient ? { 'Retry-After': '5' } : {}),
    ...(error instanceof RotationChanged ? { ETag: etagOf(error) } : {}),
  };
  return new RequestFault(code, problem.message, problem.nextStep, { headers });
}

function busy({ rotationId }: JournalConflict): RequestFault {
  const detail = `Rotation ${rotationId} wrote to its journal each time this command was about to.`;
  return new RequestFault('rotation.busy', detail, 'Ask again.', { headers: { 'Retry-After': '1' } });
}

function unreadable(error: IllegalEvent): RequestFault {
  const detail = `The rotation cannot be shown: ${error.message}.`;
  return new RequestFault('rotation.unreadable', detail, 'Run the release that wrote this journal.');
}

function unknownRoute(): RequestFault {
  const next = 'See /docs for the routes.';
  return new RequestFault('request.unknown-route', 'Nothing is served at this path.', next);
}

/** Nest and Express refuse some requests by themselves, such as a path that cannot be decoded. */
function ofFramework(error: unknown): RequestFault | null {
  if (!(error instanceof HttpException) || error.getStatus() >= 500) return null;
  const next = 'Check path, headers and body of the request.';
  return new RequestFault('request.unreadable', 'The request could not be read.', next);
}

function defect(): RequestFault {
  return new RequestFault(
    'windlass.defect',
    'Windlass failed on this request; nothing more can be said here.',
    'Find the request id in the log of the API, and report what it says.',
  );
}
