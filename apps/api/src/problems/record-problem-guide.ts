import type { ProblemAdvice } from './problem-advice.js';

/** Requests as such, and what people record: fleets, hosts, samples, schedules, keys. */
export const RECORD_GUIDE = {
  'request.invalid': {
    meaning: 'A field, a query parameter or a header is missing, has the wrong shape, or is not known here.',
    next: 'Correct each place that `errors` names; the shapes are at /docs.',
  },
  'request.malformed-json': {
    meaning: 'The body is not a JSON object in UTF-8.',
    next: 'Send one JSON object; check quotes, commas and the encoding.',
  },
  'request.malformed-event-id': {
    meaning: 'No stream of this rotation can have given the event id that was sent.',
    next: 'Send the id of the last event that came, or none to begin at the first entry.',
  },
  'request.malformed-if-match': {
    meaning: 'If-Match holds something that is no ETag.',
    next: 'Send the ETag of the last reply with its quotes, or a star for any state.',
  },
  'request.precondition-required': {
    meaning:
      'A command to a rotation says by If-Match which state was decided on, so that nobody decides on what is no longer true.',
    next: 'Read the rotation and send its ETag as If-Match; a star stands for any state.',
  },
  'request.malformed-idempotency-key': {
    meaning: 'Idempotency-Key is empty, longer than 200 characters, or holds more than printable ASCII.',
    next: 'Send a fresh random key for each thing that is wanted, such as a UUID.',
  },
  'request.idempotency-not-kept': {
    meaning:
      'The reply of this route holds a secret that is kept nowhere, so that it could not be repeated, and no record of it is made.',
    next: 'Leave Idempotency-Key out. After a reply that was lost, look what is there, revoke it, and make another.',
  },
  'request.idempotency-mismatch': {
    meaning: 'The same Idempotency-Key came before with another method, path, query or body.',
    next: 'Take a fresh key for another request; to repeat the first one, send it as it was.',
  },
  'request.idempotency-in-flight': {
    meaning:
      'The request with this Idempotency-Key is still being answered, or its process ended less than a minute ago.',
    next: 'Wait as long as Retry-After says and send the same again.',
  },
  'request.unreadable': {
    meaning: 'Path, headers or body could not be read as HTTP has them.',
    next: 'Check the percent-encoding of the path, Content-Length and Content-Encoding.',
  },
  'request.unauthorised': {
    meaning: 'No key that is good came with the request.',
    next: 'Send one as `Authorization: Bearer <key>`; an admin makes keys with POST /v1/api-keys.',
  },
  'request.forbidden': {
    meaning: 'The key is good, but its role may not do this.',
    next: 'Use a key of a role that the reply names.',
  },
  'request.unknown-route': {
    meaning: 'Nothing is served at this path.',
    next: 'Look at /docs for the routes.',
  },
  'request.method-not-allowed': {
    meaning: 'The path is served, but not with this method.',
    next: 'Use one of the methods in the Allow header.',
  },
  'request.too-large': {
    meaning: 'The body has more than 6 MB, before or after it was decompressed.',
    next: 'Send less at once, such as fewer hosts.',
  },
  'request.unsupported-media-type': {
    meaning: 'The body is not JSON in UTF-8.',
    next: 'Send it with `Content-Type: application/json`.',
  },
  'resource.changed': {
    meaning: 'What If-Match names is not the state of today: somebody changed it since it was read.',
    next: 'Read it again, look at what changed, and send the ETag that it has now.',
  },
  'problem.not-found': {
    meaning: 'There is no problem with this code.',
    next: 'Look at /problems for the codes.',
  },
  'api-key.not-found': {
    meaning: 'There is no good key with this id: it never was, or is revoked already.',
    next: 'List the keys to find it.',
  },
  'api-key.label-taken': {
    meaning: 'People know keys by their labels, so no two good ones have the same.',
    next: 'Take another label, or revoke the key that has it.',
  },
  'api-key.last-admin': {
    meaning: 'Without this key nobody could make keys.',
    next: 'Make another admin key first.',
  },
  'page.bad-cursor': {
    meaning: 'The cursor is none that this list gave.',
    next: 'Leave it out to begin at the first page, and take `nextCursor` as it comes.',
  },
  'bundle.unusable': {
    meaning: 'nginx would not start with the bundle, or would refuse clients that are good today.',
    next: 'Mend what `findings` names; POST /v1/preflight tries a bundle without recording it.',
  },
  'fleet.not-found': { meaning: 'There is no fleet with this id.', next: 'List the fleets to find it.' },
  'fleet.name-taken': { meaning: 'Another fleet has the name.', next: 'Take another name.' },
  'fleet.no-hosts': {
    meaning: 'There is nothing to do, or to look at, in a fleet without hosts.',
    next: 'Enrol some first: POST /v1/fleets/{fleetId}/hosts.',
  },
  'fleet.no-client-log': {
    meaning: 'Who comes with which certificate is read from a log that this fleet does not name.',
    next: 'Let its hosts write one (docs/soak.md) and name it as `clientLog` of the fleet.',
  },
  'fleet.no-revocation': {
    meaning: 'The fleet was recorded with `revocation` "none", so its generations hold no CRLs.',
    next: 'Record it with `revocation` "crl" if its hosts should refuse revoked clients.',
  },
  'crl.unusable': {
    meaning: 'A CRL cannot be read, is not of a CA of the fleet, or has ended.',
    next: 'Mend what the detail names: take current CRLs from the CA.',
  },
  'generation.not-found': {
    meaning: 'The fleet never had this generation.',
    next: 'List its generations to find it.',
  },
  'host.not-found': { meaning: 'The fleet has no host with this id.', next: 'List its hosts to find it.' },
  'host.name-taken': {
    meaning: 'Names of hosts are unique within a fleet.',
    next: 'Take another name, or leave the host out.',
  },
  'host.already-enrolled': {
    meaning: 'A host, by address and port, belongs to one fleet.',
    next: 'Remove it from the fleet that the detail names, or leave it out.',
  },
  'host.in-rotation': {
    meaning: 'The rotation that works on the host would lose sight of it.',
    next: 'Wait for its end, or abort it; a host that is gone for good is decommissioned at the rotation.',
  },
  'host.no-probe-targets': {
    meaning: 'Without a listener to probe, nothing could be proven on the host.',
    next: 'Enrol it again with at least one: address, port, server name and path.',
  },
  'sample.not-found': {
    meaning: 'The fleet has no sample client with this id.',
    next: 'List its samples to find it.',
  },
  'sample.name-taken': {
    meaning: 'Names of sample clients are unique within a fleet.',
    next: 'Take another name, or remove the sample that has it.',
  },
  'schedule.not-found': {
    meaning: 'The fleet has no schedule with this id.',
    next: 'List its schedules to find it.',
  },
  'schedule.not-suspended': {
    meaning: 'Only a schedule that stopped after a rotation that did not succeed is resumed.',
    next: 'Read its `explanation`: nothing keeps it, or it is disabled.',
  },
  'verifier.unavailable': {
    meaning: 'The OpenSSL that gives the verdicts cannot be run.',
    next: 'Check that `openssl` is installed where the API runs, or ask the hosts of a fleet.',
  },
  'database.unreachable': {
    meaning: 'PostgreSQL does not answer; whether the request took effect is unknown.',
    next: 'Send it again after Retry-After, with the same Idempotency-Key; check that PostgreSQL runs.',
  },
  'windlass.defect': {
    meaning: 'A defect of Windlass; the log of the API has the cause under the request id.',
    next: 'Report what the log says.',
  },
} satisfies Readonly<Record<string, ProblemAdvice>>;
