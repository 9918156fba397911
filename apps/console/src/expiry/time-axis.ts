import type { Fleet } from '../fleets/all-fleets.js';
import { DAY_MS } from '../fleets/expiry.js';

/** Something that happens to a fleet at a time. */
export interface Mark {
  readonly key: string;
  readonly kind: 'ends' | 'rotates';
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** The anchor that ends, or what the rotation is. */
  readonly what: string;
}

/** One fleet on the time line. */
export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly marks: readonly Mark[];
}

/** The fleets in the order in which their first anchor ends, each with its marks in the order of time. */
export function lanesOf(
  fleets: readonly Pick<Fleet, 'id' | 'name' | 'anchors' | 'expiresAt' | 'nextRotation'>[],
): Lane[] {
  const end = (at: string | null) => (at === null ? Number.POSITIVE_INFINITY : Date.parse(at));
  return [...fleets]
    .sort((a, b) => {
      const [first, second] = [end(a.expiresAt), end(b.expiresAt)];
      return first === second ? a.name.localeCompare(b.name) : first - second;
    })
    .map(({ id, name, anchors, nextRotation }) => ({
      ...{ id, name },
      marks: [
        ...anchors.map((anchor) => ({
          ...{ key: anchor.id, kind: 'ends' as const, what: anchor.subject },
          at: Date.parse(anchor.notAfter),
        })),
        ...(nextRotation === null
          ? []
          : [
              {
                ...{ key: nextRotation.scheduleId, kind: 'rotates' as const },
                ...{ at: Date.parse(nextRotation.at), what: 'scheduled rotation' },
              },
            ]),
      ].sort((a, b) => a.at - b.at),
    }));
}

/** How much of the future is shown, in days. */
export const SPANS = [90, 365, 3_650] as const;
export type Span = (typeof SPANS)[number];
/** Of the span, before today: what ended lately is still to be seen. */
const BEFORE = 0.04;

/** Where a time stands between 0 (left) and 1 (right); what lies beyond stands on the edge. */
export function placeOf(at: number, now: number, days: Span): number {
  const span = days * DAY_MS;
  const place = (at - (now - BEFORE * span)) / (span * (1 + BEFORE));
  return Math.min(1, Math.max(0, place));
}

/** Whether a time lies beyond the right edge. */
export function isBeyond(at: number, now: number, days: Span): boolean {
  return at > now + days * DAY_MS;
}

interface Tick {
  readonly days: number;
  readonly label: string;
}

/** The lines of the axis; where no more than `most` labels fit beside each other, those that stand too close go. */
export function ticksOf(days: Span, most = Number.POSITIVE_INFINITY): Tick[] {
  let last = Number.NEGATIVE_INFINITY;
  return TICKS[days]
    .filter((count) => {
      const fits = (count - last) / days >= 1 / most;
      if (fits) last = count;
      return fits;
    })
    .map(named);
}

const TICKS: Readonly<Record<Span, readonly number[]>> = {
  90: [0, 7, 30, 60, 90],
  365: [0, 7, 30, 90, 180, 365],
  3650: [0, 365, 1_095, 1_825, 3_650],
};

function named(days: number): Tick {
  if (days === 0) return { days, label: 'today' };
  return { days, label: days < 365 ? `${days} d` : `${days / 365} y` };
}
