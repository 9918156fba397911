import { PortError } from '#engine';

const NOUNS = {
  fleet: 'fleet',
  host: 'host',
  generation: 'generation',
  sample: 'sample client',
  schedule: 'schedule',
  rotation: 'rotation',
  'api-key': 'API key',
  webhook: 'webhook',
  'webhook-delivery': 'delivery',
} as const;

/** PortError `<kind>.not-found`. */
export function notFound(kind: keyof typeof NOUNS, id: string): PortError {
  return new PortError({
    code: `${kind}.not-found`,
    message: `There is no ${NOUNS[kind]} ${id}.`,
    nextStep: `List what there is and take the id from there.`,
  });
}
