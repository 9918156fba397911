import { Badge } from '@mantine/core';
import tones from './tones.module.css';

/** How good or bad a state is. Never told by colour alone: each has its glyph and its word. */
export type Tone = 'good' | 'busy' | 'waits' | 'bad' | 'quiet';

interface StateBadgeProps {
  readonly tone: Tone;
  readonly glyph: string;
  readonly children: string;
}

export function StateBadge({ tone, glyph, children }: StateBadgeProps) {
  return (
    <Badge
      variant="outline"
      tt="none"
      miw="max-content"
      className={tones.tones}
      style={{ color: `var(--tone-${tone})`, borderColor: `var(--tone-${tone})` }}
      leftSection={<span aria-hidden="true">{glyph}</span>}
    >
      {children}
    </Badge>
  );
}
