import { Paper, Text } from '@mantine/core';

/** What is happening and why, in the words of the API; blocked hosts are told of above it. */
export function Explanation({ text }: { readonly text: string }) {
  const lines = text.split('\n').filter((line) => !line.startsWith('Blocked'));
  if (lines.length === 0) return null;
  return (
    <Paper withBorder p="sm">
      <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }} data-testid="explanation">
        {lines.join('\n')}
      </Text>
    </Paper>
  );
}
