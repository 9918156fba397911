/**
 * Every code of a problem that this API answers with: its HTTP status, and a title that is the same each time
 * (RFC 9457 3.1.3). The one table for replies and for the OpenAPI document.
 */
export const PROBLEM_KINDS = {
  'request.invalid': [400, 'The request is not valid'],
  'request.malformed-json': [400, 'The body is not JSON'],
  'request.malformed-event-id': [400, 'Last-Event-ID is not usable'],
  'request.malformed-if-match': [400, 'If-Match is not usable'],
  'request.unreadable': [400, 'The request could not be read'],
  'request.unauthorised': [401, 'An API key is needed'],
  'request.forbidden': [403, 'This API key may not do that'],
  'request.unknown-route': [404, 'There is no such route'],
  'request.method-not-allowed': [405, 'The route does not know this method'],
  'request.too-large': [413, 'The body is too large'],
  'request.unsupported-media-type': [415, 'The body is not of a type that is read here'],
  'page.bad-cursor': [400, 'The cursor is not usable'],
  'bundle.unusable': [422, 'The bundle would lock clients out'],
  'fleet.not-found': [404, 'Fleet not found'],
  'fleet.name-taken': [409, 'The fleet name is taken'],
  'fleet.no-hosts': [409, 'The fleet has no hosts'],
  'fleet.no-client-log': [409, 'The fleet keeps no client log'],
  'generation.not-found': [404, 'Generation not found'],
  'host.not-found': [404, 'Host not found'],
  'host.name-taken': [409, 'The host name is taken'],
  'host.already-enrolled': [409, 'The host is enrolled already'],
  'host.in-rotation': [409, 'A rotation works on the host'],
  'host.no-probe-targets': [409, 'A host has no probe target'],
  'sample.not-found': [404, 'Sample client not found'],
  'sample.name-taken': [409, 'The sample name is taken'],
  'schedule.not-found': [404, 'Schedule not found'],
  'ca.shared': [409, 'Other fleets trust the same issuing CA'],
  'ca.not-shared': [409, 'A fleet named does not trust the issuing CA'],
  'rotation.not-found': [404, 'Rotation not found'],
  'rotation.conflict': [409, 'Another rotation holds what this one needs'],
  'rotation.one-fleet-only': [409, 'The strategy works on one fleet'],
  'replace.no-bundle': [422, 'A bundle is needed'],
  'replace.bad-bundle': [422, 'The bundle cannot be taken'],
  'replace.nothing-changes': [409, 'The fleet trusts exactly that already'],
  'anchor.distrusted': [409, 'The bundle holds a distrusted anchor'],
  'distrust.no-anchors': [422, 'No anchor is named'],
  'distrust.unknown-anchor': [422, 'The fleet does not trust that anchor'],
  'distrust.still-trusted': [409, 'The anchor would still be trusted by way of another'],
  'distrust.nothing-left': [409, 'The fleet would trust no CA at all'],
  'rotation.too-late': [409, 'The rotation has decided already'],
  'rotation.not-paused': [409, 'The rotation is not paused'],
  'rotation.changed': [412, 'The rotation is not the one that was decided on'],
  'rotation.gate-open': [409, 'No gate keeps the rotation'],
  'rotation.nothing-to-retry': [409, 'Nothing waits for another try'],
  'rotation.host-not-blocked': [409, 'The rotation does not wait for this host'],
  'rotation.last-host': [409, 'The rotation has no other host left'],
  'rotation.ended': [409, 'The rotation has ended'],
  'rotation.busy': [503, 'The rotation is writing too fast'],
  'rotation.unreadable': [500, 'The journal cannot be read by this release'],
  'verifier.unavailable': [503, 'No verdict can be had'],
  'database.unreachable': [503, 'The database does not answer'],
  'windlass.defect': [500, 'Something is broken in Windlass'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEM_KINDS;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_KINDS, code);
}
