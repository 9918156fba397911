import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useId } from 'react';

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly of: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  onChange(value: Value): void;
}

/** One of a few, all in sight. */
export function Choice<Value extends string>({ label, of, value, onChange }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} id={id}>
        {label}
      </Text>
      <SegmentedControl aria-labelledby={id} data={[...of]} {...{ value, onChange }} />
    </Stack>
  );
}
