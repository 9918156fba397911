import { Badge } from '@mantine/core';

/** How good or bad a state is. Never told by colour alone: each has its glyph and its word. */
export type Tone = 'good' | 'busy' | 'waits' | 'bad' | 'quiet';

const COLOURS: Readonly<Record<Tone, string>> = {
  ...{ good: 'teal', busy: 'blue', waits: 'yellow' },
  ...{ bad: 'red', quiet: 'gray' },
};

interface StateBadgeProps {
  readonly tone: Tone;
  readonly glyph: string;
  readonly children: string;
}

export function StateBadge({ tone, glyph, children }: StateBadgeProps) {
  return (
    <Badge
      color={COLOURS[tone]}
      variant="outline"
      tt="none"
      leftSection={<span aria-hidden="true">{glyph}</span>}
    >
      {children}
    </Badge>
  );
}
