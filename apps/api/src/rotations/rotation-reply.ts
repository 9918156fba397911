import type { Response } from 'express';
import { z } from 'zod';
import { redact } from '#platform';
import { describeRotation, type RotationDescription, type RotationState } from '#rotation';
import { etagOf } from './if-match.js';
import { Rotation } from './rotation-schemas.js';

type DescribedHost = RotationDescription['hosts'][number];
type ShownHost = z.output<typeof Rotation>['hosts'][number];

const ShownHosts = Rotation.shape.hosts.element;
const WithoutHosts = z.object(Rotation.shape).omit({ hosts: true });
/** How deep a host lies in the reply. */
const DEPTH = 2;

/** Most of a large fleet is as it was when it was last asked for: its hosts are checked once for each change. */
const shown = new WeakMap<DescribedHost, ShownHost>();

/** The rotation as a reply, with its ETag. */
export function sendRotation(state: RotationState, response: Response): z.output<typeof Rotation> {
  response.set('ETag', etagOf(state));
  const { hosts, ...rest } = describeRotation(state);
  return { ...WithoutHosts.parse(redact(rest)), hosts: hosts.map(shownHost) };
}

function shownHost(host: DescribedHost): ShownHost {
  const known = shown.get(host) ?? ShownHosts.parse(redact(host, DEPTH));
  shown.set(host, known);
  return known;
}
