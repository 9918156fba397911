import { Anchor, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { Ago } from '../elements/ago.js';
import { StateBadge } from '../elements/state-badge.js';
import { WideTable } from '../elements/wide-table.js';
import { ruleInWords, SCHEDULE_LOOKS, type Schedule, scheduleState } from './schedule.js';
import { ScheduleDrawer } from './schedule-drawer.js';

interface ScheduleTableProps {
  readonly schedules: readonly (Schedule & { readonly fleetName?: string })[];
}

/** Schedules, each with what it does and when it looks next. */
export function ScheduleTable({ schedules }: ScheduleTableProps) {
  const [openId, setOpenId] = useState<string | null>(null);
  const open = schedules.find(({ id }) => id === openId);
  const named = schedules.some(({ fleetName }) => fleetName !== undefined);
  return (
    <>
      <WideTable label="Schedules" minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            {named && <Table.Th>Fleet</Table.Th>}
            <Table.Th>What it does</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Looks next</Table.Th>
            <Table.Th>What the last look found</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {schedules.map((schedule) => (
            <ScheduleRow
              key={schedule.id}
              schedule={schedule}
              named={named}
              onOpen={() => setOpenId(schedule.id)}
            />
          ))}
        </Table.Tbody>
      </WideTable>
      {open && <ScheduleDrawer schedule={open} onClose={() => setOpenId(null)} />}
    </>
  );
}

interface ScheduleRowProps {
  readonly schedule: ScheduleTableProps['schedules'][number];
  readonly named: boolean;
  onOpen(): void;
}

function ScheduleRow({ schedule, named, onOpen }: ScheduleRowProps) {
  const { fleetId, fleetName, nextTickAt, lastOutcome, cron, timeZone } = schedule;
  const state = scheduleState(schedule);
  const { tone, glyph } = SCHEDULE_LOOKS[state];
  return (
    <Table.Tr>
      {named && (
        <Table.Td>
          <Anchor component={Link} href={`/fleets/${fleetId}#schedules`}>
            {fleetName}
          </Anchor>
        </Table.Td>
      )}
      <Table.Td>
        <Anchor component="button" type="button" ta="start" onClick={onOpen}>
          {ruleInWords(schedule)}
        </Anchor>
        <Text size="xs" c="dimmed">
          <code>{cron}</code> {timeZone}
        </Text>
      </Table.Td>
      <Table.Td>
        <StateBadge tone={tone} glyph={glyph}>
          {state}
        </StateBadge>
      </Table.Td>
      <Table.Td>{nextTickAt === null ? 'not while it is paused' : <Ago at={nextTickAt} />}</Table.Td>
      <Table.Td>
        <Text size="sm">{lastOutcome ?? 'it has not looked yet'}</Text>
      </Table.Td>
    </Table.Tr>
  );
}
