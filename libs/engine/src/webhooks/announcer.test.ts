import { describe, expect, it } from 'vitest';
import { failing, LIVES, REASON } from '../../../rotation/src/lives.fixture.js';
import { Rehearsal } from '../../../rotation/src/rehearsal.js';
import type { JournalEntry } from '../ports/journal.js';
import {
  type UntoldDrift,
  type WebhookCursor,
  type WebhookEvent,
  WebhookStore,
} from '../ports/webhook-store.js';
import { Announcer } from './announcer.js';
import { told } from './told.fixture.js';

/** One journal and its cursor: what a transaction would do, without one. */
class Board extends WebhookStore {
  position = 0;
  /** Behind which entry it was read, each time. */
  readonly readAfter: number[] = [];
  readonly events: WebhookEvent[] = [];
  /** Another worker is always faster. */
  overtaken = false;

  constructor(public entries: readonly JournalEntry[]) {
    super();
  }
  override async rotationsBehind() {
    return this.position < this.entries.length
      ? [{ source: 'rotation' as const, id: 'r1', after: this.position }]
      : [];
  }
  override async announce({ after }: WebhookCursor, to: number, events: readonly WebhookEvent[]) {
    if (after !== this.position || this.overtaken) return false;
    this.position = to;
    this.events.push(...events);
    return true;
  }
  override async untoldDrift(): Promise<readonly UntoldDrift[]> {
    return [];
  }
  override async claim() {
    return [];
  }
  override async secrets() {
    return [];
  }
  override async settle() {
    return false;
  }
  override async prune() {
    return 0;
  }
}

const errors: string[] = [];

function announcer(board: Board): Announcer {
  const read = async (_id: string, after = 0) => {
    board.readAfter.push(after);
    return board.entries.slice(after);
  };
  const log = { warn: () => undefined, error: (_: object, message: string) => void errors.push(message) };
  return new Announcer({
    store: board,
    journal: { read },
    rotations: { installation: async () => 'i1' },
    log,
  });
}

const blocked = ({ type }: WebhookEvent) => type.endsWith('.blocked');
const kinds = (events: readonly WebhookEvent[]) =>
  events.map(({ type }) => type.replace('dev.windlass.rotation.', ''));

describe('the announcer', () => {
  it('tells the life of a rotation once and in order', async () => {
    const life = new Rehearsal();
    life.run();
    const board = new Board(life.entries);
    await announcer(board).announce();
    expect(kinds(board.events)).toEqual([
      ...['started', 'phase-changed', 'phase-changed', 'phase-changed', 'phase-changed', 'phase-changed'],
      'succeeded',
    ]);
    const sequences = board.events.map(({ body }) => JSON.parse(body).data.sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  });

  it('tells the same, whether it sees the journal grow, sees it whole, or is another one for each entry', async () => {
    for (const live of LIVES) {
      const life = live();
      life.run();
      const everyLook = told(life.entries);
      const growing = new Board([]);
      const one = announcer(growing);
      const fresh = new Board([]);
      for (const [index] of life.entries.entries()) {
        growing.entries = fresh.entries = life.entries.slice(0, index + 1);
        await one.announce();
        await announcer(fresh).announce();
      }
      const whole = new Board(life.entries);
      await announcer(whole).announce();
      expect(growing.events).toEqual(everyLook);
      expect(fresh.events).toEqual(everyLook);
      expect(whole.events.filter((event) => !blocked(event))).toEqual(
        everyLook.filter((event) => !blocked(event)),
      );
    }
  });

  it('tells the last of blocks that come right behind each other, with all hosts that are in the way', async () => {
    const life = new Rehearsal(failing('expand.1/host.confirm/'));
    life.run((state) => (state.effects.get('expand.1/host.confirm/c')?.attempts ?? 0) > 2);
    const board = new Board(life.entries);
    await announcer(board).announce();
    const [last] = board.events.filter(blocked);
    const { data } = JSON.parse(last?.body ?? '{}');
    expect(board.events.filter(blocked)).toHaveLength(1);
    expect(data.blockCount).toBe(told(life.entries).filter(blocked).length);
    expect(data.blocks[0]).toMatchObject({ host: { name: expect.stringMatching(/^host-/) } });
  });

  it('tells nothing when another worker was faster, and goes on from where that one is', async () => {
    const life = new Rehearsal();
    const board = new Board(life.entries.slice());
    const one = announcer(board);
    board.overtaken = true;
    await one.announce();
    expect(board.events).toEqual([]);
    board.overtaken = false;
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    board.position = board.entries.length;
    board.entries = life.entries.slice();
    await one.announce();
    expect(kinds(board.events)).toEqual(['paused']);
  });

  it('tells what another worker left untold, though it has read further itself', async () => {
    const life = new Rehearsal();
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    life.append({ type: 'rotation.resumed', by: 'person' });
    const board = new Board(life.entries.slice());
    const one = announcer(board);
    board.overtaken = true;
    await one.announce();
    board.overtaken = false;
    board.position = 1;
    await one.announce();
    expect(kinds(board.events)).toEqual(['paused', 'resumed']);
  });

  it('reads a journal once, also while other workers tell of it', async () => {
    const life = new Rehearsal();
    const board = new Board(life.entries.slice());
    const one = announcer(board);
    await one.announce();
    const from = board.entries.length;
    life.append({ type: 'rotation.paused', by: 'person', reason: REASON });
    life.append({ type: 'rotation.resumed', by: 'person' });
    board.entries = life.entries.slice();
    board.position = from + 1;
    await one.announce();
    expect(board.readAfter).toEqual([0, from]);
    expect(kinds(board.events)).toEqual(['started', 'resumed']);
  });

  it('skips a journal that this release cannot read, and says so once', async () => {
    const life = new Rehearsal();
    const [first] = life.entries;
    if (first === undefined) throw new Error('no entry');
    const board = new Board([first, { ...first, sequence: 2 }]);
    const one = announcer(board);
    for (let look = 0; look < 3; look += 1) await one.announce();
    expect([board.events, errors.splice(0)]).toEqual([
      [],
      ['no webhook is told of a journal that cannot be read'],
    ]);
  });
});
