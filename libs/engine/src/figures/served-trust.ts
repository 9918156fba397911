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

/** Says what the hosts of each fleet serve, by the id of the fleet. */
export type ReadServedTrust = (fleets: readonly FleetRow[]) => Promise<ReadonlyMap<string, ServedTrust>>;

/**
 * By the bundles that the hosts were last seen with, and by the one that was decided last, which stands for hosts that
 * were not seen yet. A bundle that is none of the fleet's cannot be read from here: that is drift. Generations never
 * change, so each is read and parsed once; those that no fleet serves any more are forgotten.
 */
export function trustOfSeenGenerations(store: Pick<FigureStore, 'contents'>): ReadServedTrust {
  let known = new Map<string, ServedTrust>();
  return async (fleets) => {
    const ids = [...new Set(fleets.flatMap(servedBy))];
    const unread = ids.filter((id) => !known.has(id));
    const contents = unread.length === 0 ? new Map<string, string>() : await store.contents(unread);
    const read = (id: string) => known.get(id) ?? trustIn(contents.get(id) ?? '');
    known = new Map(ids.map((id) => [id, read(id)]));
    return new Map(fleets.map((fleet) => [fleet.id, together(servedBy(fleet).map(read))]));
  };
}

function servedBy({ generation, seenGenerationIds }: FleetRow): readonly string[] {
  return [...new Set([generation.id, ...seenGenerationIds])];
}

/** All anchors, each once. Of the CRLs of one issuer the one that ends first: some host has it. */
function together(trusts: readonly ServedTrust[]): ServedTrust {
  const anchors = new Map(
    trusts.flatMap((trust) => trust.anchors).map((anchor) => [anchor.fingerprint, anchor]),
  );
  const crls = trusts
    .flatMap((trust) => trust.crls)
    .toSorted((one, other) => (other.nextUpdate ?? Infinity) - (one.nextUpdate ?? Infinity));
  return {
    anchors: [...anchors.values()],
    crls: [...new Map(crls.map((crl) => [crl.issuer, crl])).values()],
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
