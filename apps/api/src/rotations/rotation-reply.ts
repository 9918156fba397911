import type { Response } from 'express';
import { z } from 'zod';
import { redact } from '#platform';
import { describeHosts, describeWithoutHosts, type RotationDescription, type RotationState } from '#rotation';
import { etagOf } from './if-match.js';
import { mapInSlices } from './in-slices.js';
import { type ReadQuery, Rotation } from './rotation-schemas.js';

type WhichHosts = z.output<typeof ReadQuery>['hosts'];
type DescribedHost = RotationDescription['hosts'][number];

const ShownHost = Rotation.shape.hosts.element;
const WithoutHosts = z.object(Rotation.shape).omit({ hosts: true });
/** How deep a host lies in the reply. */
const DEPTH = 2;

/** Most of a large fleet is as it was when it was last asked for: its hosts are checked and written once for each change. */
const written = new WeakMap<DescribedHost, string>();

/**
 * The rotation as the JSON that is sent, with its ETag; empty for a caller that has it already. A reply of ten thousand
 * hosts is put together from what was sent before, and others have their turn meanwhile.
 */
export async function sendRotation(
  state: RotationState,
  response: Response,
  which: WhichHosts = 'all',
): Promise<string> {
  response.set('ETag', etagOf(state));
  // Express answers 304, and sends nothing of it.
  if (response.req.fresh) return '';
  const rest = JSON.stringify(WithoutHosts.parse(redact(describeWithoutHosts(state))));
  const hosts = await mapInSlices(chosen(state, which), hostText);
  response.type('application/json');
  return `${rest.slice(0, -1)},"hosts":[${hosts.join(',')}]}`;
}

/** The same for a reply that is kept as well, and may be given again. */
export async function shownRotation(
  state: RotationState,
  response: Response,
): Promise<z.output<typeof Rotation>> {
  return JSON.parse(await sendRotation(state, response));
}

function* chosen(state: RotationState, which: WhichHosts): Generator<DescribedHost> {
  if (which === 'none') return;
  for (const host of describeHosts(state)) if (which === 'all' || host.reason !== null) yield host;
}

function hostText(host: DescribedHost): string {
  const before = written.get(host);
  if (before !== undefined) return before;
  const text = JSON.stringify(ShownHost.parse(redact(host, DEPTH)));
  written.set(host, text);
  return text;
}
