import { RequestFault } from '../http/request-fault.js';

/**
 * The sequence after which a stream begins: 0 without an id. Throws RequestFault `request.malformed-event-id`
 * for an id that no stream of this rotation can have given.
 */
export function sequenceAfter(lastEventId: string | undefined, version: number): number {
  if (lastEventId === undefined || lastEventId === '') return 0;
  if (!/^\d{1,9}$/.test(lastEventId)) throw malformed('It must be a number');
  const sequence = Number(lastEventId);
  if (sequence > version) throw malformed(`The journal ends at ${version}`);
  return sequence;
}

function malformed(why: string): RequestFault {
  const next = 'Send the id of the last event that came, or none to begin at the first entry.';
  return new RequestFault('request.malformed-event-id', `${why}: the sequence of a journal entry.`, next);
}
