/** A client that may still need the old CA. */
export interface OldCaUser {
  /** Subject of its certificate, as RFC 2253 writes it. */
  readonly name: string;
  /** Serial number, lower-case hex. */
  readonly serial: string;
  /** RFC 3339: when its certificate ends; null where only a log tells of it. */
  readonly until: string | null;
  /** RFC 3339: when a host saw it last; null where only the CA tells of it. */
  readonly lastSeen: string | null;
}

/** What the logs of all hosts say. */
export interface SeenFacts {
  /** From when on every host tells, milliseconds since the epoch; infinite where one does not. */
  readonly since: number;
  /** Hosts that do not tell, and why. */
  readonly unknown: readonly string[];
  /** Clients that may need the old CA. */
  readonly users: readonly OldCaUser[];
  /** Who was not seen for so long needs it no more, in milliseconds; 0: nobody may say so. */
  readonly windowMs: number;
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
  /** Null where no log is kept. */
  readonly seen: SeenFacts | null;
}

/** Clocks of CA and clients, in milliseconds. */
const SKEW_MS = 60_000;
/** So many are named; the others are counted. */
const MOST_NAMED = 20;

/**
 * The gate before a contract. It opens when the CA's own list shows no certificate of the old CA that is still
 * valid; when no host has seen a client of it for the whole window, and every host tells; or when every certificate
 * that the old CA may have issued must have expired. Not to know keeps it closed. Pure.
 */
export function judgeUsage(facts: UsageFacts, now: number): UsageVerdict {
  const { held, unknown, oldCa } = facts;
  if (held.length === 0 && unknown === null) {
    return open(`the CA lists no certificate of ${oldCa} that is still valid`);
  }
  const unseen = unseenSince(facts, now);
  if (unseen !== null && now >= unseen) {
    return open(`no host has seen a client of ${oldCa} for ${(facts.seen?.windowMs ?? 0) / 1000} s`);
  }
  const expired = allExpiredAt(facts);
  if (held.length === 0 && now >= expired) {
    return open(`every certificate of ${oldCa} must have expired by now`);
  }
  const ends = Math.max(...held.map(({ until }) => Date.parse(until ?? '')), unknown === null ? 0 : expired);
  return closed(facts, Math.min(ends, unseen ?? Number.POSITIVE_INFINITY), now);
}

function open(because: string): UsageVerdict {
  return { open: true, because, opensAt: null, users: [], count: 0 };
}

function closed(facts: UsageFacts, opensAt: number, now: number): UsageVerdict {
  const { held, oldCa, unknown } = facts;
  const seen = seenInWindow(facts, now);
  const users = seen.length > 0 ? seen : held;
  const because =
    users.length === 0
      ? `nobody knows who still uses ${oldCa}: ${unknown ?? ''}${unheard(facts)}`
      : `${whoUses(users, seen.length > 0, oldCa)}${andMore(facts)}`;
  return {
    ...{ open: false, because, opensAt: rfc3339(opensAt) },
    ...{ users: users.slice(0, MOST_NAMED), count: users.length },
  };
}

function seenInWindow({ seen }: UsageFacts, now: number): readonly OldCaUser[] {
  if (seen === null) return [];
  return seen.users.filter(({ lastSeen }) => Date.parse(lastSeen ?? '') > now - seen.windowMs);
}

/** When the window will have passed without a client of the old CA; null where the hosts cannot tell. */
function unseenSince({ seen }: UsageFacts, now: number): number | null {
  if (seen === null || seen.unknown.length > 0 || seen.windowMs === 0) return null;
  const last = Math.max(seen.since, ...seen.users.map(({ lastSeen }) => Date.parse(lastSeen ?? '')));
  // A host whose clock is ahead tells of what has yet to come: it is taken for now.
  return Math.min(last, now) + seen.windowMs;
}

/** A CA that has ended vouches for nobody. */
function allExpiredAt({ stoppedAt, endsAt, longestTtlSeconds }: UsageFacts): number {
  const ended = longestTtlSeconds === null ? endsAt : Math.min(endsAt, stoppedAt + longestTtlSeconds * 1000);
  return ended + SKEW_MS;
}

function whoUses(users: readonly OldCaUser[], seen: boolean, oldCa: string): string {
  const names = [...new Set(users.map(({ name }) => name))];
  const named = names.slice(0, MOST_NAMED).join(', ');
  const others = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const clients = names.length === 1 ? '1 client' : `${names.length} clients`;
  const verb = seen ? `still ${names.length === 1 ? 'uses' : 'use'}` : 'may still use';
  return `${clients} ${verb} ${oldCa}: ${named}${others}`;
}

function andMore(facts: UsageFacts): string {
  const { unknown } = facts;
  return unknown === null ? '' : `; and there may be more: ${unknown}${unheard(facts)}`;
}

function unheard({ seen }: UsageFacts): string {
  return (seen?.unknown ?? []).map((one) => `; ${one}`).join('');
}

/** Of a moment that JavaScript can write down. */
function rfc3339(milliseconds: number): string | null {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : null;
}
