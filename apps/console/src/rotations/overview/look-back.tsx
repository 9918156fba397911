import { Button, Group, Text } from '@mantine/core';
import type { FeedView } from '../../feed/rotation-feed.js';
import classes from './look-back.module.css';

interface LookBackProps {
  readonly view: FeedView;
  readonly backTo: number | null;
  lookBackTo(sequence: number | null): void;
}

/** The rotation as it was at any entry of its journal: arrow keys go one entry, page keys a tenth of all. */
export function LookBack({ view: { entries, count }, backTo, lookBackTo }: LookBackProps) {
  const at = backTo ?? count;
  const when = entries[at - 1]?.at;
  const words = when === undefined ? '' : new Date(when).toLocaleString();
  return (
    <Group gap="sm" wrap="nowrap" className={classes.bar} data-back={backTo !== null}>
      <input
        type="range"
        className={classes.slider}
        aria-label="Look back: entry of the journal"
        aria-valuetext={
          backTo === null ? `now, entry ${at} of ${count}` : `entry ${at} of ${count}, ${words}`
        }
        min={1}
        max={count}
        value={at}
        onChange={({ currentTarget }) => {
          const wanted = Number(currentTarget.value);
          lookBackTo(wanted >= count ? null : wanted);
        }}
      />
      <Text size="sm" className={`numbers ${classes.words}`}>
        {backTo === null ? `Now (entry ${count})` : `As it was at entry ${at} of ${count}, ${words}`}
      </Text>
      {backTo !== null && (
        <Button size="compact-sm" onClick={() => lookBackTo(null)}>
          Back to now
        </Button>
      )}
    </Group>
  );
}
