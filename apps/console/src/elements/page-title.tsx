import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

interface PageTitleProps {
  readonly title: string;
  /** One line under it. */
  readonly says?: ReactNode;
  /** What can be done here, on the right. */
  readonly children?: ReactNode;
}

/** The one heading of a page; also the title of the window. */
export function PageTitle({ title, says, children }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · Windlass`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2}>
        <Title order={1} size="h2">
          {title}
        </Title>
        {says !== undefined && (
          <Text c="dimmed" size="sm" component="div">
            {says}
          </Text>
        )}
      </Stack>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
