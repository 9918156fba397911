import { Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { RotationDescription, RotationState } from '#rotation';
import { cellsByWave, countBySteps, EVERY_HOST } from './host-cells.js';
import { HostDetails } from './host-details.js';
import { HostGrid } from './host-grid.js';
import classes from './hosts-panel.module.css';

interface HostsPanelProps {
  readonly state: RotationState;
  readonly description: RotationDescription;
  readonly isNow: boolean;
}

/** Every host as a cell, wave by wave, and the chosen one in full. */
export function HostsPanel({ state, description: { hosts }, isNow }: HostsPanelProps) {
  const [filter, setFilter] = useState(EVERY_HOST);
  const [chosen, setChosen] = useState<string | null>(null);
  const waves = useMemo(() => cellsByWave(hosts, filter), [hosts, filter]);
  const counts = useMemo(() => countBySteps(hosts), [hosts]);
  const host = hosts.find(({ hostId }) => hostId === chosen);
  const shown = waves.reduce((sum, { cells }) => sum + cells.length, 0);
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label="State"
          value={filter.state}
          onChange={({ currentTarget }) => setFilter({ ...filter, state: currentTarget.value })}
          data={[
            { value: 'all', label: `all (${hosts.length})` },
            ...[...counts].map(([step, count]) => ({
              value: step,
              label: `${step === 'wrong' ? 'something wrong' : step} (${count})`,
            })),
          ]}
        />
        <TextInput
          label="Name, digest or reason"
          value={filter.text}
          onChange={({ currentTarget }) => setFilter({ ...filter, text: currentTarget.value })}
        />
        <Text size="sm" role="status" className="numbers">
          {shown === hosts.length ? '' : `${shown} of ${hosts.length} hosts`}
        </Text>
      </Group>
      <div className={classes.sides}>
        <HostGrid {...{ waves, chosen }} choose={setChosen} />
        <div className={classes.chosen}>
          <HostDetails {...{ state, host, isNow }} />
        </div>
      </div>
    </Stack>
  );
}
