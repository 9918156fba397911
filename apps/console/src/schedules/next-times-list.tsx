import { List, Stack, Text } from '@mantine/core';
import { nextTimes } from './next-times.js';

const SHOWN = 5;

/** When a schedule looks, as far as its pattern says. */
export function NextTimes({ timetable }: { readonly timetable: Parameters<typeof nextTimes>[0] }) {
  const times = nextTimes(timetable, Date.now(), SHOWN);
  if (times.length === 0) {
    return (
      <Text size="sm" role="status">
        The pattern names no time. Five fields: minute, hour, day, month, day of the week.
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        It looks next, in {timetable.timeZone}
      </Text>
      <List size="sm" type="ordered">
        {times.map(({ at, open }) => (
          <List.Item key={at}>
            <time dateTime={new Date(at).toISOString()}>{onTheWall(at, timetable.timeZone)}</time>
            {!open && ', out of every window'}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function onTheWall(at: number, timeZone: string): string {
  const shown = { timeZone, dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(undefined, shown).format(at);
}
