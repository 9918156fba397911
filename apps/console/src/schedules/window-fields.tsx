import { Button, Chip, Group, Stack, Text, TextInput } from '@mantine/core';
import type { Day, WindowDraft } from './schedule-draft.js';

const WEEK: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

interface WindowFieldsProps {
  readonly windows: readonly WindowDraft[];
  readonly fault: string | null;
  onChange(windows: readonly WindowDraft[]): void;
}

/** When it may start something; none: at any time. */
export function WindowFields({ windows, fault, onChange }: WindowFieldsProps) {
  const next = Math.max(0, ...windows.map(({ row }) => row)) + 1;
  return (
    <Stack gap="xs" component="fieldset" bd={0} p={0} m={0}>
      <Text size="sm" fw={600} component="legend">
        Maintenance windows
      </Text>
      {windows.length === 0 && <Text size="sm">None: it may start something at any time.</Text>}
      {windows.map((window, index) => (
        <OneWindow
          key={window.row}
          number={index + 1}
          window={window}
          onChange={(changed) => onChange(windows.map((one) => (one.row === window.row ? changed : one)))}
          onRemove={() => onChange(windows.filter(({ row }) => row !== window.row))}
        />
      ))}
      {fault !== null && (
        <Text size="sm" c="red" role="alert">
          {fault}
        </Text>
      )}
      <Group>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() =>
            onChange([...windows, { row: next, days: ['sat', 'sun'], from: '22:00', to: '04:00' }])
          }
        >
          Add a window
        </Button>
      </Group>
    </Stack>
  );
}

interface OneWindowProps {
  readonly number: number;
  readonly window: WindowDraft;
  onChange(window: WindowDraft): void;
  onRemove(): void;
}

function OneWindow({ number, window, onChange, onRemove }: OneWindowProps) {
  const flip = (day: Day) => {
    const days = WEEK.filter((one) => (one === day) !== window.days.includes(one));
    onChange({ ...window, days });
  };
  return (
    <Group align="flex-end" gap="sm" role="group" aria-label={`Window ${number}`}>
      <Group gap={4}>
        {WEEK.map((day) => (
          <Chip
            key={day}
            size="xs"
            variant="outline"
            checked={window.days.includes(day)}
            onChange={() => flip(day)}
          >
            {day}
          </Chip>
        ))}
      </Group>
      <TextInput
        label="From"
        type="time"
        size="xs"
        value={window.from}
        onChange={(event) => onChange({ ...window, from: event.currentTarget.value })}
      />
      <TextInput
        label="To"
        type="time"
        size="xs"
        value={window.to}
        onChange={(event) => onChange({ ...window, to: event.currentTarget.value })}
      />
      <Button variant="default" size="compact-sm" onClick={onRemove} aria-label={`Remove window ${number}`}>
        Remove
      </Button>
    </Group>
  );
}
