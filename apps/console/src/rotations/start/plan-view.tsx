import { Alert, List, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Columns } from '../../elements/columns.js';
import { WideTable } from '../../elements/wide-table.js';
import type { RotationPlan } from './plan.js';

/** So many hosts of a wave are named; the others are counted. */
const MOST_NAMED = 8;

/** What would happen: nothing is recorded yet. */
export function PlanView({ plan }: { readonly plan: RotationPlan }) {
  const { blocks, warnings, trustDiff, waves, phases } = plan;
  return (
    <Stack gap="sm">
      {blocks.map(({ code, message, nextStep }) => (
        <Alert key={`${code} ${message}`} color="red" title={message} role="alert">
          Next: {nextStep}
        </Alert>
      ))}
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" title="Think of this">
          {warning}
        </Alert>
      ))}
      <Part title="What changes in trust">
        {trustDiff !== null && <Text size="sm">{trustDiff}</Text>}
        <Anchors plan={plan} />
      </Part>
      <Part title="Phases">
        <List size="sm" type="ordered">
          {phases.map(({ phase, does }) => (
            <List.Item key={phase}>
              <b>{phase}</b>: {does}
            </List.Item>
          ))}
        </List>
      </Part>
      <Part title="Waves">
        <List size="sm">
          {waves.map((hosts, wave) => (
            <List.Item key={hosts[0]?.hostId ?? wave}>
              {wave === 0 ? 'Canary' : `Wave ${wave}`}: {named(hosts.map(({ name }) => name))}
            </List.Item>
          ))}
        </List>
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        {title}
      </Title>
      {children}
    </section>
  );
}

function Anchors({ plan: { fleets } }: { readonly plan: RotationPlan }) {
  return (
    <WideTable label="Anchors" minWidth={420}>
      <Columns named={['Fleet', 'Trusts now', 'Trusts then']} />
      <Table.Tbody>
        {fleets.map(({ fleetId, fleetName, anchorsNow, anchorsThen }) => (
          <Table.Tr key={fleetId}>
            <Table.Td>{fleetName}</Table.Td>
            <Table.Td>{named(anchorsNow.map(({ subject }) => subject))}</Table.Td>
            <Table.Td>{anchorsThen}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function named(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
