import { Anchor, Group, Paper, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { Columns } from '../elements/columns.js';
import { EmptyState } from '../elements/empty-state.js';
import { useNow } from '../elements/now.js';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { WideTable } from '../elements/wide-table.js';
import { useAllFleets } from '../fleets/all-fleets.js';
import { ExpiryBadge } from '../fleets/expiry-badge.js';
import { type Lane, lanesOf, SPANS, type Span } from './time-axis.js';
import { TimeLine } from './time-line.js';

const SPAN_NAMES: Readonly<Record<Span, string>> = { 90: '90 days', 365: '1 year', 3650: '10 years' };

/** What ends when, of all fleets. */
export default function ExpiryPage() {
  const { data: fleets, error } = useAllFleets();
  const lanes = lanesOf(fleets ?? []);
  return (
    <>
      <PageTitle title="Expiry" says="What ends when, and what is scheduled before. The next to end first." />
      {error && <ProblemAlert error={error} />}
      {fleets?.length === 0 && (
        <EmptyState title="Nothing can end yet">
          The anchors of every fleet come here, on one line of time. Begin by adding a fleet.
        </EmptyState>
      )}
      {lanes.length > 0 && <Drawn lanes={lanes} />}
    </>
  );
}

function Drawn({ lanes }: { readonly lanes: readonly Lane[] }) {
  const [days, setDays] = useState<Span>(365);
  const now = useNow();
  return (
    <Stack>
      <Group justify="space-between">
        <Legend />
        <SegmentedControl
          aria-label="How much of the future is shown"
          data={SPANS.map((span) => ({ value: String(span), label: SPAN_NAMES[span] }))}
          value={String(days)}
          onChange={(value) => setDays(SPANS.find((span) => String(span) === value) ?? 365)}
        />
      </Group>
      <Paper withBorder p="sm">
        <TimeLine lanes={lanes} now={now} days={days} />
      </Paper>
      <section>
        <Title order={2} size="h4" mb="xs">
          In words
        </Title>
        <MarkTable lanes={lanes} />
      </section>
    </Stack>
  );
}

function Legend() {
  return (
    <Text size="sm">
      <span aria-hidden="true">● </span>an anchor ends · <span aria-hidden="true">◇ </span>a rotation is
      scheduled · <span aria-hidden="true">▶ </span>beyond what is shown
    </Text>
  );
}

function MarkTable({ lanes }: { readonly lanes: readonly Lane[] }) {
  const marks = lanes
    .flatMap((lane) => lane.marks.map((mark) => ({ ...mark, fleetId: lane.id, fleet: lane.name })))
    .sort((a, b) => a.at - b.at);
  return (
    <WideTable label="What ends when" minWidth={560}>
      <Columns named={['When', 'Fleet', 'What', 'Left']} />
      <Table.Tbody>
        {marks.map(({ key, kind, at, what, fleet, fleetId }) => (
          <Table.Tr key={`${fleetId} ${key}`}>
            <Table.Td>
              <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleString()}</time>
            </Table.Td>
            <Table.Td>
              <Anchor component={Link} href={`/fleets/${fleetId}`}>
                {fleet}
              </Anchor>
            </Table.Td>
            <Table.Td>{kind === 'rotates' ? `◇ ${what}` : <code>{what}</code>}</Table.Td>
            <Table.Td>{kind === 'rotates' ? null : <ExpiryBadge at={new Date(at).toISOString()} />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
