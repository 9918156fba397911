import type { Response } from 'express';
import type { z } from 'zod';
import type { FleetView } from '#persistence';
import type { Caller } from '../access/caller.js';
import { tagOf } from '../http/entity-tags.js';
import { rememberedStart } from './expected-starts.js';
import { Fleet } from './fleet-schemas.js';

type Reply = z.output<typeof Fleet>;
type Reader = Pick<Caller, 'fleets'>;

/** A fleet as `reader` may see it at `now`, in milliseconds since the Unix epoch. */
export function fleetReply(view: FleetView, reader: Reader, now: number): Reply {
  return Fleet.parse(fleetShown(view, reader, now));
}

/** As {@link fleetReply}, before anything else is put beside it. */
export function fleetShown({ rotation, schedules, ...view }: FleetView, { fleets }: Reader, now: number) {
  const isSeen = (fleetId: string) => fleets === null || fleets.includes(fleetId);
  return {
    ...view,
    // Who may not see all of its fleets finds no such rotation elsewhere either.
    rotation: rotation?.fleetIds.every(isSeen) ? rotation : null,
    nextRotation: nextRotation(
      view.anchors,
      schedules.filter(({ fleetId }) => isSeen(fleetId)),
      now,
    ),
  };
}

/** The reply, with its ETag. */
export function sendFleet(reply: Reply, response: Response): Reply {
  response.set('ETag', fleetTag(reply));
  return reply;
}

/** The ETag of a fleet: what people decide on, without what is but seen and expected meanwhile. */
export function fleetTag(reply: Reply): string {
  const { drift: _drift, nextRotation: _next, rotation: _rotation, ...decided } = reply;
  return tagOf(decided, reply);
}

/**
 * The first of the schedules to start a rotation. The CA that is to be replaced is the newest that the fleet trusts:
 * which one issues is for the CA to say, and lists do not ask it.
 */
function nextRotation(anchors: FleetView['anchors'], schedules: FleetView['schedules'], now: number) {
  const [newest] = anchors.toSorted((a, b) => b.notBefore.getTime() - a.notBefore.getTime());
  if (newest === undefined) return null;
  const validity = { notBefore: newest.notBefore.getTime(), notAfter: newest.notAfter.getTime() };
  const expected = schedules.flatMap(({ id, fleetId, due, nextTickAt, ...timetable }) => {
    const at = due && rememberedStart({ id, timetable, rule: due, nextTickAt, validity }, now);
    return at === null ? [] : [{ at, scheduleId: id, fleetId }];
  });
  const [first] = expected.sort((a, b) => a.at - b.at);
  return first === undefined ? null : { ...first, at: new Date(first.at) };
}
