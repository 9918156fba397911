import { reduceEach } from '#rotation';
import type { JournalEntry } from '../ports/journal.js';
import type { WebhookEvent } from '../ports/webhook-store.js';
import { newsOf } from './rotation-news.js';
import { type RotationSight, sightOf } from './rotation-sight.js';

/** What others are told of a whole journal when every entry is looked at. */
export function told(entries: readonly JournalEntry[]): readonly WebhookEvent[] {
  const events: WebhookEvent[] = [];
  let sight: RotationSight | null = null;
  reduceEach(null, entries, (state, entry) => {
    const next = sightOf(state, sight);
    events.push(...newsOf(sight, next, state, entry));
    sight = next;
  });
  return events;
}
