import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface WideTableProps {
  /** What a screen reader calls it. */
  readonly label: string;
  /** Narrower than so many pixels, it scrolls sideways: by the keyboard as well. */
  readonly minWidth: number;
  readonly children: ReactNode;
}

/** A table that a phone shows as well. `children`: its head and body. */
export function WideTable({ label, minWidth, children }: WideTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
    <section style={{ overflowX: 'auto', overflowWrap: 'normal' }} tabIndex={0} aria-label={label}>
      <Table verticalSpacing={4} miw={minWidth}>
        {children}
      </Table>
    </section>
  );
}
