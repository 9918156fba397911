/** A client that may still need the old CA. */
export interface OldCaUser {
  /** Subject of its certificate, as RFC 2253 writes it. */
  readonly name: string;
  /** Serial number, lower-case hex. */
  readonly serial: string;
  /** RFC 3339: when its certificate ends. */
  readonly until: string;
}

/** Whether the old CA may be dropped, and why or why not. */
export interface UsageVerdict {
  readonly open: boolean;
  /** In words, for people: `2 clients may still use CN=Old: pos, app`. */
  readonly because: string;
  /** RFC 3339: when the gate opens by itself if nothing changes; null when nobody can say. */
  readonly opensAt: string | null;
  /** The first of them to know; `count` is how many there are. */
  readonly users: readonly OldCaUser[];
  readonly count: number;
}

export interface UsageFacts {
  /** Name of the old CA, for people. */
  readonly oldCa: string;
  /** When it was kept from issuing, milliseconds since the epoch. */
  readonly stoppedAt: number;
  /** When its own certificate ends, milliseconds since the epoch. */
  readonly endsAt: number;
  /** The longest that a certificate of it may live, in seconds; null when nobody can say. */
  readonly longestTtlSeconds: number | null;
  /** Certificates of it that are neither expired nor revoked. */
  readonly held: readonly OldCaUser[];
  /** Why there may be more than these; null when these are all. */
  readonly unknown: string | null;
}

/** Clocks of CA and clients, in milliseconds. */
const SKEW_MS = 60_000;
/** So many are named; the others are counted. */
const MOST_NAMED = 20;

/**
 * The gate before a contract. It opens when the CA's own list shows no certificate of the old CA that is still
 * valid; where the list cannot be relied on, when every one that it may have issued must have expired. Not to know
 * keeps it closed. Pure.
 */
export function judgeUsage(facts: UsageFacts, now: number): UsageVerdict {
  const { held, unknown, oldCa } = facts;
  const users = held.slice(0, MOST_NAMED);
  const expired = allExpiredAt(facts);
  const verdict = { users, count: held.length };
  if (held.length > 0) {
    const lastEnds = Math.max(...held.map(({ until }) => Date.parse(until)));
    const opensAt = unknown === null ? lastEnds : Math.max(lastEnds, expired);
    return { ...verdict, open: false, because: whoUses(facts), opensAt: rfc3339(opensAt) };
  }
  if (unknown === null) {
    return {
      ...verdict,
      open: true,
      because: `the CA lists no certificate of ${oldCa} that is still valid`,
      opensAt: null,
    };
  }
  if (now >= expired) {
    return {
      ...verdict,
      open: true,
      because: `every certificate of ${oldCa} must have expired by now`,
      opensAt: null,
    };
  }
  return {
    ...verdict,
    open: false,
    because: `nobody knows who still uses ${oldCa}: ${unknown}`,
    opensAt: rfc3339(expired),
  };
}

/** A CA that has ended vouches for nobody. */
function allExpiredAt({ stoppedAt, endsAt, longestTtlSeconds }: UsageFacts): number {
  const ended = longestTtlSeconds === null ? endsAt : Math.min(endsAt, stoppedAt + longestTtlSeconds * 1000);
  return ended + SKEW_MS;
}

function whoUses({ held, oldCa, unknown }: UsageFacts): string {
  const names = [...new Set(held.map(({ name }) => name))];
  const named = names.slice(0, MOST_NAMED).join(', ');
  const others = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const clients = names.length === 1 ? '1 client' : `${names.length} clients`;
  const least = unknown === null ? '' : `; and there may be more: ${unknown}`;
  return `${clients} may still use ${oldCa}: ${named}${others}${least}`;
}

/** Of a moment that JavaScript can write down. */
function rfc3339(milliseconds: number): string | null {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : null;
}
