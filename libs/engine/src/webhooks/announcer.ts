import { IllegalEvent, type RotationState, reduceEach } from '#rotation';
import type { Journal } from '../ports/journal.js';
import type { RotationStore } from '../ports/rotation-store.js';
import type { WebhookCursor, WebhookEvent, WebhookStore } from '../ports/webhook-store.js';
import { driftNews } from './drift-news.js';
import type { WebhookLog } from './log.js';
import { newsOf } from './rotation-news.js';
import { mayShow, type RotationSight, sightOf } from './rotation-sight.js';

export interface AnnouncerParts {
  readonly store: WebhookStore;
  readonly journal: Pick<Journal, 'read'>;
  readonly rotations: Pick<RotationStore, 'installation'>;
  readonly log: WebhookLog;
}

/** A journal as far as it was told. */
interface Told {
  readonly state: RotationState;
  readonly sight: RotationSight;
}

/** Journals that are kept in memory; the others are read again from their start. */
const MOST_KEPT = 100;
const BLOCKED = 'dev.windlass.rotation.blocked';

/**
 * Derives events from the journals and records who is to be told. Any number of workers may do so at once: the cursor
 * moves in the transaction that records the deliveries, so each entry is told once, whoever dies when (ADR 0026).
 */
export class Announcer {
  /** So that a long journal is not read from its start for each new entry, whichever worker told the last one. */
  private readonly told = new Map<string, Told>();
  /** Journals that this release cannot follow, and how long they were then. */
  private readonly unreadable = new Map<string, number>();

  constructor(private readonly parts: AnnouncerParts) {}

  /** Throws what the stores throw; what was announced before that stays so. */
  async announce(): Promise<void> {
    for (const cursor of await this.parts.store.rotationsBehind()) await this.rotation(cursor);
    await this.drift();
  }

  private async rotation(cursor: WebhookCursor): Promise<void> {
    const known = this.known(cursor);
    const entries = await this.parts.journal.read(cursor.id, known?.state.sequence ?? 0);
    const last = entries.at(-1)?.sequence ?? 0;
    if (last <= cursor.after || this.unreadable.get(cursor.id) === last) return;
    try {
      const { told, events } = derive(known, entries, cursor.after);
      // Whether it was told here, or another worker was faster: the journal is the same.
      await this.parts.store.announce(cursor, last, events);
      this.keep(cursor.id, told);
    } catch (error) {
      this.told.delete(cursor.id);
      if (!(error instanceof IllegalEvent)) throw error;
      this.unreadable.set(cursor.id, last);
      this.parts.log.error(
        { rotationId: cursor.id, error },
        'no webhook is told of a journal that cannot be read',
      );
    }
  }

  /** What was read before, unless it is further than was told. */
  private known({ id, after }: WebhookCursor): Told | null {
    const told = this.told.get(id);
    return told !== undefined && told.state.sequence <= after ? told : null;
  }

  private keep(rotationId: string, told: Told): void {
    this.told.delete(rotationId);
    if (told.state.ended === null) this.told.set(rotationId, told);
    const [oldest] = this.told.keys();
    if (oldest !== undefined && this.told.size > MOST_KEPT) this.told.delete(oldest);
  }

  private async drift(): Promise<void> {
    const untold = await this.parts.store.untoldDrift();
    if (untold.length === 0) return;
    const installation = await this.parts.rotations.installation();
    for (const one of untold) {
      const to = Date.parse(one.finding.at);
      await this.parts.store.announce(one.cursor, to, [driftNews(installation, one)]);
    }
  }
}

function derive(
  known: Told | null,
  entries: Awaited<ReturnType<Journal['read']>>,
  after: number,
): { readonly told: Told; readonly events: readonly WebhookEvent[] } {
  const events: WebhookEvent[] = [];
  let sight = known?.sight ?? null;
  const state = reduceEach(known?.state ?? null, entries, (current, entry) => {
    if (!mayShow(sight, current, entry.event.type)) return;
    const next = sightOf(current, sight);
    if (entry.sequence > after) events.push(...newsOf(sight, next, current, entry));
    sight = next;
  });
  if (state === null || sight === null) throw new Error('a journal without entries was to be told');
  return { told: { state, sight }, events: withoutSteps(events) };
}

/** A network that fails blocks host after host: of blocks right behind each other the last one tells them all. */
function withoutSteps(events: readonly WebhookEvent[]): readonly WebhookEvent[] {
  return events.filter(({ type }, index) => type !== BLOCKED || events[index + 1]?.type !== BLOCKED);
}
