import { type KeyboardEvent, type MouseEvent, memo, useRef } from 'react';
import tones from '../../elements/tones.module.css';
import type { CellWave, HostCell } from './host-cells.js';
import classes from './host-grid.module.css';
import { nextCell } from './next-cell.js';

/** So many hosts can be named and still be seen at once. */
const MOST_NAMED = 60;

interface HostGridProps {
  readonly waves: readonly CellWave[];
  readonly chosen: string | null;
  choose(hostId: string): void;
}

/** One stop of the Tab key; arrows go from cell to cell, and what they reach is chosen. */
export function HostGrid({ waves, chosen, choose }: HostGridProps) {
  const list = useRef<HTMLDivElement>(null);
  const named = waves.reduce((sum, { cells }) => sum + cells.length, 0) <= MOST_NAMED;
  const first = waves[0]?.cells[0]?.hostId;
  const there = waves.some(({ cells }) => cells.some(({ hostId }) => hostId === chosen));
  const stop = there ? chosen : first;
  const onClick = (event: MouseEvent) => {
    const hostId = hostOf(event.target);
    if (hostId !== undefined) choose(hostId);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = list.current && nextCell(list.current, event.target, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
    const hostId = hostOf(next);
    if (hostId !== undefined) choose(hostId);
  };
  return (
    <div
      ref={list}
      role="listbox"
      aria-label="Hosts"
      className={tones.tones}
      {...{ onClick, onKeyDown }}
      tabIndex={-1}
    >
      {waves.map(({ wave, cells }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of options in a listbox.
        <div key={wave} role="group" aria-label={nameOf(wave, cells)} className={classes.wave}>
          <div className={classes.title} aria-hidden="true">
            {nameOf(wave, cells)}
          </div>
          <div className={classes.cells} role="presentation">
            {cells.map((cell) => (
              <Cell
                key={cell.hostId}
                {...{ ...cell, named }}
                chosen={cell.hostId === chosen}
                stop={cell.hostId === stop}
              />
            ))}
          </div>
        </div>
      ))}
      {waves.length === 0 && (
        <div role="option" aria-selected={false} aria-disabled="true" tabIndex={0}>
          No host is like that.
        </div>
      )}
    </div>
  );
}

interface CellProps extends HostCell {
  readonly named: boolean;
  readonly chosen: boolean;
  readonly stop: boolean;
}

/** Drawn again only when it says something else: a thousand of them are looked at with every change. */
const Cell = memo(function Cell({ hostId, glyph, tone, name, at, label, named, chosen, stop }: CellProps) {
  return (
    <div
      role="option"
      aria-selected={chosen}
      aria-label={label}
      title={label}
      tabIndex={stop ? 0 : -1}
      data-host={hostId}
      data-tone={tone}
      className={named ? classes.named : classes.cell}
    >
      <span aria-hidden={named}>{glyph}</span>
      {named && (
        <span className={classes.words}>
          <span className={classes.name}>{name}</span> <span className={classes.at}>{at}</span>
        </span>
      )}
    </div>
  );
});

function nameOf(wave: number, cells: readonly HostCell[]): string {
  return `${wave === 0 ? 'Canary' : `Wave ${wave}`} (${cells.length})`;
}

function hostOf(target: EventTarget): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-host]')?.dataset.host : undefined;
}
