import { Alert, Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { DiffView } from './diff-view.js';
import classes from './sandbox.module.css';
import { unifiedDiff } from './unified-diff.js';

interface CorrectedTextProps {
  readonly before: string;
  readonly after: string;
  /** In words: what was mended, and what is left. */
  readonly says: string;
  readonly onTake: (text: string) => void;
}

/** What the chosen fixes make of the text: the differences to look at, and the whole to take away. */
export function CorrectedText({ before, after, says, onTake }: CorrectedTextProps) {
  const [view, setView] = useState('marked');
  const [copied, setCopied] = useState<string | null>(null);
  const differences = useMemo(() => unifiedDiff(before, after), [before, after]);
  const copy = (text: string, what: string) => {
    writeToClipboard(text).then(
      () => setCopied(`${what} copied.`),
      () => setCopied('This browser gives no clipboard here. Put it into the editor, and copy it there.'),
    );
  };
  return (
    <Stack gap="sm" component="section" aria-labelledby="corrected">
      <Group justify="space-between">
        <div>
          <Title order={2} size="h4" id="corrected">
            The corrected configuration
          </Title>
          <Text size="sm">{says}</Text>
        </div>
        <Group gap="xs">
          <Button onClick={() => copy(after, 'The corrected configuration was')}>Copy it</Button>
          <Button variant="default" onClick={() => copy(differences, 'The differences were')}>
            Copy the differences
          </Button>
          <Button variant="default" onClick={() => onTake(after)}>
            Put it into the editor
          </Button>
        </Group>
      </Group>
      <div role="status">{copied !== null && <Alert color="gray">{copied}</Alert>}</div>
      <SegmentedControl
        aria-label="How the differences are shown"
        value={view}
        onChange={setView}
        data={[
          { value: 'marked', label: 'In the text' },
          { value: 'text', label: 'As plain text' },
        ]}
        w="fit-content"
      />
      {view === 'marked' ? (
        <DiffView before={before} after={after} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <pre className={classes.differences} tabIndex={0}>
          {differences}
        </pre>
      )}
    </Stack>
  );
}

/** Rejects where there is no clipboard: over plain HTTP on another machine. */
async function writeToClipboard(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
