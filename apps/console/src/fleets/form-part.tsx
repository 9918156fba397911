import { Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Fields that belong together, below a heading. */
export function FormPart({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Stack>
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}
