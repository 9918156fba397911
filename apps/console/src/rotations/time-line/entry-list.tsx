import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Toned } from '../../elements/toned.js';
import type { JournalEntry } from '../../feed/journal-fold.js';
import classes from './entry-list.module.css';
import { wordsOf } from './matching.js';

interface EntryListProps {
  /** Newest first. */
  readonly entries: readonly JournalEntry[];
  readonly names: Readonly<Record<string, string>>;
  readonly backTo: number | null;
  lookBackTo(sequence: number | null): void;
  /** Whether the newest is to be in sight. */
  readonly toTop: boolean;
  /** They scrolled away from the newest, or back to it. */
  onAway(away: boolean): void;
}

const ROW_PX = 44;
/** Closer to the top than this is at the top. */
const AT_TOP_PX = 8;

/** Only those that can be seen are there: a journal has ten thousand entries. */
export function EntryList({ entries, names, backTo, lookBackTo, toTop, onAway }: EntryListProps) {
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    ...{ count: entries.length, overscan: 8, estimateSize: () => ROW_PX },
    getScrollElement: () => place.current,
    getItemKey: (index) => entries[index]?.sequence ?? index,
  });
  useEffect(() => {
    if (toTop) place.current?.scrollTo({ top: 0 });
  }, [toTop]);
  return (
    <section
      ref={place}
      className={classes.place}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
      tabIndex={0}
      aria-label="Journal, newest first"
      onScroll={({ currentTarget }) => onAway(currentTarget.scrollTop > AT_TOP_PX)}
    >
      {entries.length === 0 && <p className={classes.none}>No entry is like that.</p>}
      <ol className={classes.entries} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const entry = entries[index];
          return (
            entry && (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                aria-setsize={entries.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Row {...{ entry, names }} chosen={entry.sequence === backTo} lookBackTo={lookBackTo} />
              </li>
            )
          );
        })}
      </ol>
    </section>
  );
}

interface RowProps {
  readonly entry: JournalEntry;
  readonly names: Readonly<Record<string, string>>;
  readonly chosen: boolean;
  lookBackTo(sequence: number): void;
}

function Row({ entry, names, chosen, lookBackTo }: RowProps) {
  const { glyph, tone, what, more } = wordsOf(entry, names);
  const at = new Date(entry.at);
  return (
    <div className={classes.row} data-chosen={chosen}>
      <time dateTime={entry.at} title={at.toLocaleString()}>
        {at.toLocaleTimeString([], { hourCycle: 'h23' })}
      </time>
      <span aria-hidden="true">
        <Toned tone={tone}>{glyph}</Toned>
      </span>
      <span className={classes.words}>
        {what}
        {more !== null && <span className={classes.more}>{more}</span>}
      </span>
      <button
        type="button"
        className={classes.back}
        aria-label={`Look back to entry ${entry.sequence}`}
        onClick={() => lookBackTo(entry.sequence)}
      >
        {entry.sequence}
      </button>
    </div>
  );
}
