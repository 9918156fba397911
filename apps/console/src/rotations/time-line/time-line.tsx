import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { FeedView } from '../../feed/rotation-feed.js';
import { EntryList } from './entry-list.js';
import { TOPICS, type Topic } from './entry-words.js';
import { matchingEntries } from './matching.js';

interface TimeLineProps {
  readonly view: FeedView;
  /** What the hosts are called, by id. */
  readonly names: Readonly<Record<string, string>>;
  readonly backTo: number | null;
  lookBackTo(sequence: number | null): void;
}

const TOPIC_WORDS: Readonly<Record<Topic, string>> = {
  ...{ all: 'everything', decisions: 'decisions and wishes', failures: 'what failed' },
  ...{ hosts: 'on hosts', ca: 'at the CA, and workers' },
};

/** The journal, newest first. What comes in while somebody reads further down waits until they are back on top. */
export function TimeLine({ view: { entries, count }, names, backTo, lookBackTo }: TimeLineProps) {
  const [topic, setTopic] = useState<Topic>('all');
  const [text, setText] = useState('');
  const [heldAt, setHeldAt] = useState<number | null>(null);
  const upTo = heldAt ?? count;
  const found = useMemo(
    () => matchingEntries({ entries, upTo, names, topic, text }),
    [entries, upTo, names, topic, text],
  );
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label="Show"
          value={topic}
          onChange={({ currentTarget }) => setTopic(currentTarget.value as Topic)}
          data={TOPICS.map((value) => ({ value, label: TOPIC_WORDS[value] }))}
        />
        <TextInput label="Text" value={text} onChange={({ currentTarget }) => setText(currentTarget.value)} />
        {heldAt !== null && count > heldAt && (
          <Button variant="default" onClick={() => setHeldAt(null)}>
            {count - heldAt} new: go to the top
          </Button>
        )}
      </Group>
      <EntryList
        {...{ entries: found, names, backTo, lookBackTo }}
        toTop={heldAt === null}
        onAway={(away) => setHeldAt((held) => (away ? (held ?? count) : null))}
      />
    </Stack>
  );
}
