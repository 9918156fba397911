import { anchorsOf, coverAnchors, crlsIn, parseBundle } from '#trust';
import type { FigureStore, FleetRow } from '../ports/figure-store.js';

/** What the hosts of a fleet let clients in by. Times in milliseconds since the Unix epoch. */
export interface ServedTrust {
  readonly anchors: readonly {
    readonly subject: string;
    /** Lower-case hex SHA-256. */
    readonly fingerprint: string;
    readonly notAfter: number;
  }[];
  /** One for each anchor that has one; without an end `nextUpdate` is null. */
  readonly crls: readonly { readonly issuer: string; readonly nextUpdate: number | null }[];
}

/**
 * Says what the hosts of each fleet serve. Today that is the generation last decided, which rotations proved on every
 * host; whoever has newer observations of the hosts themselves gives them in its place.
 */
export type ReadServedTrust = (fleets: readonly FleetRow[]) => Promise<ReadonlyMap<string, ServedTrust>>;

/** Generations never change, so each is read and parsed once; those that no fleet serves any more are forgotten. */
export function trustOfDecidedGenerations(store: Pick<FigureStore, 'contents'>): ReadServedTrust {
  let known = new Map<string, ServedTrust>();
  return async (fleets) => {
    const ids = [...new Set(fleets.map(({ generation }) => generation.id))];
    const unread = ids.filter((id) => !known.has(id));
    const contents = unread.length === 0 ? new Map<string, string>() : await store.contents(unread);
    const read = (id: string) => known.get(id) ?? trustIn(contents.get(id) ?? '');
    known = new Map(ids.map((id) => [id, read(id)]));
    return new Map(fleets.map(({ id, generation }) => [id, read(generation.id)]));
  };
}

/** Markers are no anchors. Never throws: what cannot be read is left out. */
export function trustIn(content: string): ServedTrust {
  const anchors = anchorsOf(parseBundle(content));
  const covered = coverAnchors(anchors, crlsIn(content), 0);
  return {
    anchors: anchors.map(({ subject, fingerprint, notAfter }) => ({ subject, fingerprint, notAfter })),
    crls: covered.flatMap(({ anchor, list }) =>
      list === null ? [] : [{ issuer: anchor.subject, nextUpdate: list.nextUpdate }],
    ),
  };
}
