import {
  applyChange,
  type ChainQuestion,
  type ChainVerdict,
  candidateChanges,
  describeChange,
  explainFault,
  isTooLong,
  type KnownMaterial,
  type RefusalReason,
  type TrustChange,
} from '#trust';
import type { ChainVerifier } from '../ports/chain-verifier.js';

/** What would let a refused client in. */
export interface Advice {
  /** What is wrong, the first fault first. */
  readonly reasons: readonly RefusalReason[];
  /** The smallest set of changes after which the verifier accepts; null when what is at hand cannot mend it. */
  readonly changes: readonly TrustChange[] | null;
}

/** One sentence for a client that is refused with this cause, and should not be. */
export function adviceInWords(advice: Advice | null, cause: string): string {
  const { changes = null, reasons = [] } = advice ?? {};
  if (changes !== null && changes.length > 0) {
    return `${changes.map(describeChange).join('; ')} (tried: it then gets in)`;
  }
  if (cause.startsWith('nginx cannot load')) return 'mend that file first: no client can be judged before';
  return reasons[0]?.nextStep ?? 'give the client a certificate that can be read and used in TLS';
}

/** More changes than this are a rebuild, not advice. */
const MOST_CHANGES = 6;
/** Each costs a run of `openssl`, some 10 ms. */
const MOST_QUESTIONS = 400;

/**
 * Looks for the smallest change that the verifier takes for good: one change before two, and among as many the
 * cheapest first. Nothing is advised that was not tried. `known` may be empty: order and depth are tried all the same.
 * `verdict` is what the verifier said to `question`. It gives up after `mostQuestions` more to the verifier.
 */
export async function advise(
  verifier: ChainVerifier,
  question: ChainQuestion,
  verdict: ChainVerdict,
  known: KnownMaterial,
  mostQuestions = MOST_QUESTIONS,
): Promise<Advice> {
  if (verdict.verdict === 'accepted') return { reasons: [], changes: [] };
  const search = new Search(verifier, known, mostQuestions);
  const found = await search.from({ question, changes: [], verdict });
  return {
    reasons: verdict.faults.map(explainFault),
    changes: found && (await withoutNeedless(verifier, question, found)),
  };
}

/** What a later change made needless on the way is left out. */
async function withoutNeedless(
  verifier: ChainVerifier,
  question: ChainQuestion,
  changes: readonly TrustChange[],
): Promise<readonly TrustChange[]> {
  for (const needless of changes.length > 1 ? changes : []) {
    const others = changes.filter((change) => change !== needless);
    const { verdict } = await verifier.verify(others.reduce(applyChange, question));
    if (verdict === 'accepted') return withoutNeedless(verifier, question, others);
  }
  return changes;
}

type Refused = Extract<ChainVerdict, { verdict: 'refused' }>;

interface Attempt {
  readonly question: ChainQuestion;
  readonly changes: readonly TrustChange[];
  readonly verdict: Refused;
}

/** Breadth first: all sets of one change before those of two. */
class Search {
  private readonly tried = new Set<string>();

  constructor(
    private readonly verifier: ChainVerifier,
    private readonly known: KnownMaterial,
    private readonly mostQuestions: number,
  ) {}

  async from(start: Attempt): Promise<readonly TrustChange[] | null> {
    let last: readonly Attempt[] = [start];
    for (let size = 1; size <= MOST_CHANGES && last.length > 0; size += 1) {
      const next: Attempt[] = [];
      for (const attempt of last) {
        const found = await this.beyond(attempt, next);
        if (found !== null) return found;
      }
      last = next;
    }
    return null;
  }

  /** The changes that are accepted with one more than in `attempt`; those that come nearer are added to `nearer`. */
  private async beyond(attempt: Attempt, nearer: Attempt[]): Promise<readonly TrustChange[] | null> {
    let deepEnough = false;
    for (const change of candidateChanges(attempt.question, attempt.verdict.faults, this.known)) {
      const raises = change.kind === 'raise-depth';
      if ((raises && deepEnough) || !this.isNew([...attempt.changes, change])) continue;
      const question = applyChange(attempt.question, change);
      const changes = [...attempt.changes, change];
      const verdict = await this.verifier.verify(question);
      if (verdict.verdict === 'accepted') return changes;
      if (raises && isTooLong(verdict.faults)) continue;
      deepEnough ||= raises;
      if (!isSame(verdict, attempt.verdict)) nearer.push({ question, changes, verdict });
    }
    return null;
  }

  private isNew(changes: readonly TrustChange[]): boolean {
    const key = keyOf(changes);
    if (this.tried.has(key) || this.tried.size === this.mostQuestions) return false;
    this.tried.add(key);
    return true;
  }
}

/** The same changes in another order are the same attempt. */
function keyOf(changes: readonly TrustChange[]): string {
  return changes
    .map((change) => JSON.stringify(change))
    .sort()
    .join();
}

/** A change after which everything is as wrong as before leads nowhere. */
function isSame(verdict: Refused, before: Refused): boolean {
  return JSON.stringify(verdict.faults) === JSON.stringify(before.faults);
}
