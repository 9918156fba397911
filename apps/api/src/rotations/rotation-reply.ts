import type { Response } from 'express';
import type { z } from 'zod';
import { redact } from '#platform';
import { describeRotation, type RotationState } from '#rotation';
import { etagOf } from './if-match.js';
import { Rotation } from './rotation-schemas.js';

/** The rotation as a reply, with its ETag. */
export function sendRotation(state: RotationState, response: Response): z.output<typeof Rotation> {
  response.set('ETag', etagOf(state));
  return Rotation.parse(redact(describeRotation(state)));
}
