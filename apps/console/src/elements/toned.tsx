import type { ReactNode } from 'react';
import type { Tone } from './state-badge.js';
import classes from './tones.module.css';

interface TonedProps {
  readonly tone: Tone;
  readonly children: ReactNode;
}

/** A glyph or a word in the colour of how good or bad it is. */
export function Toned({ tone, children }: TonedProps) {
  return (
    <span className={classes.tones}>
      <span style={{ color: `var(--tone-${tone})` }}>{children}</span>
    </span>
  );
}
