import type { Append, JournalEntry } from '#engine';
import type { RotationEvent, RotationRequested } from '#rotation';
import { type MemoryDatabase, MemoryJournal, MemoryRotationStore } from './memory/index.js';
import type { Observer } from './observer.js';

/** The journal, seen by an observer in the moment of each append and before anybody else. */
export class WatchedJournal extends MemoryJournal {
  observer: Observer | null = null;
  readonly listeners: ((event: RotationEvent) => void)[] = [];

  override async append(append: Append): Promise<readonly JournalEntry[]> {
    const entries = await super.append(append);
    this.observer?.appended(append.rotationId, entries);
    for (const { event } of entries) for (const listener of this.listeners) listener(event);
    return entries;
  }
}

export class WatchedRotations extends MemoryRotationStore {
  constructor(
    database: MemoryDatabase,
    private readonly journal: WatchedJournal,
  ) {
    super(database);
  }

  override async create(
    rotation: Parameters<MemoryRotationStore['create']>[0],
    requested: RotationRequested,
  ): Promise<void> {
    await super.create(rotation, requested);
    this.journal.observer?.appended(rotation.id, await this.journal.read(rotation.id));
  }
}
