import { describe, expect, it } from 'vitest';
import { IllegalEvent, replay } from '#rotation';
import { aLife, CountedJournal, HeldClock } from '../counted-journal.fixture.js';
import { JournalConflict, type JournalEntry, LeaseLost } from '../ports/journal.js';
import { Follower } from './follower.js';
import { JournalClock } from './journal-clock.js';
import { RotationFolds } from './rotation-folds.js';

const ALL = aLife();
/** Some entries before the end. */
const RUNNING = ALL.slice(0, 30);

const WRITTEN = 'this would have been written';

function foldsOf(journal: CountedJournal): RotationFolds {
  const clock = new HeldClock();
  return new RotationFolds(journal, clock, new JournalClock(journal, clock));
}

/** With 2,500 entries more. */
function longer(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const [last] = entries.slice(-1);
  const event = { type: 'retry.requested', by: 'somebody', v: last?.event.v } as JournalEntry['event'];
  return [
    ...entries,
    ...Array.from({ length: 2_500 }, (_, place) => ({
      ...{ sequence: entries.length + 1 + place, at: last?.at ?? '', event },
    })),
  ];
}

/** Nothing is read until it goes on. */
class HeldUpJournal extends CountedJournal {
  goOn: () => void = () => undefined;
  private readonly held = new Promise<void>((resolve) => {
    this.goOn = resolve;
  });

  override async read(...asked: Parameters<CountedJournal['read']>) {
    await this.held;
    return super.read(...asked);
  }
}

/** Of a batch, as its next holder. */
function followerOf(
  journal: CountedJournal,
  fold: ReturnType<RotationFolds['hold']>,
  term: number,
): Follower {
  const append = async () => {
    throw new Error(WRITTEN);
  };
  const scope = 'batch/1' as const;
  const lease = { rotationId: 'r1', scope, holder: 'w2', term, installation: 'i1', epoch: 1 };
  return new Follower({ append }, fold, lease, new JournalClock(journal, new HeldClock()));
}

describe('the scopes of one rotation in one process', () => {
  it('share what was read, and each entry is read once however many of them ask at a time', async () => {
    const journal = new CountedJournal(RUNNING);
    const folds = foldsOf(journal);
    const [one, other] = [folds.hold('r1'), folds.hold('r1')];
    expect(other).toBe(one);
    await Promise.all([one.catchUp(), other.catchUp(), one.look(), other.look()]);
    expect(one.state).toEqual(replay(RUNNING));
    expect(journal.given.filter((count) => count > 1)).toEqual([RUNNING.length]);
  });

  it('see what was written behind the start of a read that others wait for', async () => {
    const journal = new CountedJournal(RUNNING);
    const fold = foldsOf(journal).hold('r1');
    const early = fold.catchUp();
    await Promise.resolve();
    journal.entries = ALL;
    await Promise.all([early, fold.catchUp()]);
    expect(fold.state).toEqual(replay(ALL));
  });

  it('that ask while one look is under way share the next one', async () => {
    const journal = new HeldUpJournal(RUNNING);
    const fold = foldsOf(journal).hold('r1');
    const looks = [];
    for (let asked = 0; asked < 5; asked += 1) {
      looks.push(fold.look());
      await new Promise((resolve) => setImmediate(resolve));
    }
    journal.goOn();
    expect(new Set(await Promise.all(looks)).size).toBe(2);
  });

  it('look anew when one of them has written in its turn', async () => {
    const fold = foldsOf(new CountedJournal(RUNNING)).hold('r1');
    await fold.catchUp();
    const seen: (number | undefined)[] = [];
    const first = fold.inTurn(async () => {
      await Promise.resolve();
      fold.take(ALL.slice(30, 33));
    });
    await Promise.all([first, fold.inTurn(async () => seen.push(fold.state?.sequence))]);
    expect(seen).toEqual([33]);
  });

  it('one of them does not write what was decided on a state that another has changed, unless it still holds', async () => {
    const journal = new CountedJournal(RUNNING);
    const fold = foldsOf(journal).hold('r1');
    const state = (await fold.look())?.state ?? expect.unreachable();
    const follower = followerOf(journal, fold, state.terms.get('batch/1') ?? 0);
    const reason = { code: 'test', message: 'so', nextStep: 'look' };
    const decided = [{ type: 'rotation.paused', by: 'windlass', reason }] as const;
    fold.take(ALL.slice(30, 31));
    await expect(follower.append(decided, { state, hold: () => false })).rejects.toThrow(JournalConflict);
    await expect(follower.append(decided, { state, hold: () => true })).rejects.toThrow(WRITTEN);
  });

  it('one of them that comes when another has ended the rotation does not take its scope, and is no defect', async () => {
    const journal = new CountedJournal(ALL);
    const fold = foldsOf(journal).hold('r1');
    await fold.catchUp();
    await expect(followerOf(journal, fold, 99).takeOver()).rejects.toThrow(JournalConflict);
  });
});

describe('a journal of many entries', () => {
  it('is read in pages, and whole', async () => {
    const journal = new CountedJournal(longer(RUNNING));
    const fold = foldsOf(journal).hold('r1');
    await fold.catchUp();
    expect(fold.state).toEqual(replay(journal.entries));
    expect(journal.given).toEqual([1_000, 1_000, 502 + RUNNING.length]);
    journal.entries = longer(aLife(5_000).slice(0, 30));
    await fold.catchUp();
    expect(fold.state).toEqual(replay(journal.entries));
  });
});

describe('a database that is restored while a journal is read', () => {
  it('is followed as it is now, and not from its middle on', async () => {
    const before = longer(RUNNING);
    const after = longer(aLife(5_000).slice(0, 30));
    const journal = new CountedJournal(before);
    const { read } = journal;
    journal.read = async (...asked) => {
      const page = await read.apply(journal, asked);
      journal.entries = after;
      return page;
    };
    const fold = foldsOf(journal).hold('r1');
    await fold.catchUp();
    expect(fold.state).toEqual(replay(after));
  });
});

describe('a look that took long', () => {
  it('is followed by the next one within two seconds', async () => {
    const clock = new HeldClock();
    const journal = new CountedJournal(RUNNING);
    const fold = new RotationFolds(journal, clock, new JournalClock(journal, clock)).hold('r1');
    const { monotonic } = clock;
    let asked = 0;
    // The process is stopped for a minute between two of its questions for the time.
    clock.monotonic = () => {
      asked += 1;
      if (asked > 1) clock.at += 60_000;
      return monotonic.call(clock);
    };
    await fold.look();
    clock.monotonic = monotonic;
    const ended = clock.at;
    await fold.look();
    expect(clock.at - ended).toBeLessThanOrEqual(2_000);
  });
});

describe('a fold that errs', () => {
  const again = { ...RUNNING[0], sequence: 31 } as (typeof RUNNING)[number];

  it('is as it was before, and what is begun behind the error runs', async () => {
    const journal = new CountedJournal(RUNNING);
    const fold = foldsOf(journal).hold('r1');
    await fold.catchUp();
    journal.entries = [...RUNNING, again];
    await expect(fold.catchUp()).rejects.toThrow(IllegalEvent);
    expect(fold.state).toEqual(replay(RUNNING));
    journal.entries = ALL;
    await fold.catchUp();
    expect(fold.state).toEqual(replay(ALL));
  });

  it('is given to nobody any more once it is forgotten, also when those who held it give it back', () => {
    const folds = foldsOf(new CountedJournal(RUNNING));
    const bad = folds.hold('r1');
    folds.hold('r1');
    folds.forget('r1', bad);
    const good = folds.hold('r1');
    expect(good).not.toBe(bad);
    folds.giveBack('r1', bad);
    folds.forget('r1', bad);
    expect(folds.hold('r1')).toBe(good);
  });
});

describe('a rotation that nobody holds', () => {
  it('is kept while it goes on, and let go when it has ended', async () => {
    const journal = new CountedJournal(RUNNING);
    const folds = foldsOf(journal);
    const fold = folds.hold('r1');
    await fold.catchUp();
    folds.giveBack('r1', fold);
    expect(folds.hold('r1')).toBe(fold);
    journal.entries = ALL;
    await fold.catchUp();
    folds.giveBack('r1', fold);
    expect(folds.hold('r1')).not.toBe(fold);
  });

  it('is let go when four others were given back behind it, and none that is held ever is', () => {
    const folds = foldsOf(new CountedJournal(RUNNING));
    const held = folds.hold('held');
    const idle = ['1', '2', '3', '4', '5'].map((id) => [id, folds.hold(id)] as const);
    for (const [id, fold] of idle) folds.giveBack(id, fold);
    expect(idle.map(([id, fold]) => folds.hold(id) === fold).slice(1)).toEqual([true, true, true, true]);
    expect(folds.hold('1')).not.toBe(idle[0]?.[1]);
    expect(folds.hold('held')).toBe(held);
  });
});

describe('a database that was restored', () => {
  it('with a shorter journal is followed as it is now', async () => {
    const journal = new CountedJournal(RUNNING);
    const folds = foldsOf(journal);
    const fold = folds.hold('r1');
    await fold.catchUp();
    folds.giveBack('r1', fold);
    journal.entries = RUNNING.slice(0, 10);
    const later = folds.hold('r1');
    expect((await later.look())?.state).toEqual(replay(RUNNING.slice(0, 10)));
  });

  it('with a journal that went on differently since is followed as it is now, not onto what was there before', async () => {
    const journal = new CountedJournal(RUNNING);
    const fold = foldsOf(journal).hold('r1');
    await fold.catchUp();
    const others = aLife(5_000).slice(0, 40);
    journal.entries = others;
    await fold.catchUp();
    expect(fold.state).toEqual(replay(others));
    expect(fold.violations(ALL.slice(40, 41))).toEqual([]);
  });

  it('without the journal leaves nothing to do', async () => {
    const journal = new CountedJournal(RUNNING);
    const fold = foldsOf(journal).hold('r1');
    await fold.catchUp();
    journal.entries = [];
    expect(await fold.look()).toBeNull();
  });

  it('lets no scope write under a term that is not the newest of its journal', async () => {
    const journal = new CountedJournal(RUNNING);
    const fold = foldsOf(journal).hold('r1');
    await fold.catchUp();
    const follower = followerOf(journal, fold, fold.state?.terms.get('batch/1') ?? 0);
    journal.entries = RUNNING.slice(0, 2);
    await fold.catchUp();
    const effectId = 'expand.1/host.stage/b';
    const report = follower.report({ type: 'effect.succeeded', effectId, result: {}, term: 4 });
    await expect(report).rejects.toThrow(LeaseLost);
  });
});
