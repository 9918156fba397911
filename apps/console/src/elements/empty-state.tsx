import { Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  /** What comes here, and how. */
  readonly children: ReactNode;
}

/** Nothing here yet: says what would be, and how to begin. */
export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <Paper withBorder p="xl" radius="lg">
      <Stack align="center" gap="xs" ta="center">
        <Text fw={600}>{title}</Text>
        <Text c="dimmed" size="sm" component="div" maw={520}>
          {children}
        </Text>
      </Stack>
    </Paper>
  );
}
