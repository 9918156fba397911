import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '#api-client';
import { Ago } from '../elements/ago.js';
import { ConfirmDialog } from '../elements/confirm-dialog.js';
import { EmptyState } from '../elements/empty-state.js';
import { More } from '../elements/more.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { StateBadge } from '../elements/state-badge.js';
import { WideTable } from '../elements/wide-table.js';
import { useMay } from '../session/may.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';
import { AddSampleDialog } from './add-sample-dialog.js';

type Sample = components['schemas']['Sample'];

/** Client certificates, and the verdict that each must get at every rotation. */
export function SamplesSection({ fleetId }: { readonly fleetId: string }) {
  const { client } = useSession();
  const { change } = useMay();
  const [adding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Sample | null>(null);
  const pages = usePages(['fleets', fleetId, 'samples'], (page) =>
    client.GET('/v1/fleets/{fleetId}/samples', { params: { path: { fleetId }, query: page } }),
  );
  return (
    <>
      {change && (
        <Group mb="md">
          <Button onClick={() => setAdding(true)}>Add a sample client</Button>
        </Group>
      )}
      {pages.error && <ProblemAlert error={pages.error} />}
      {pages.isSuccess && pages.items.length === 0 && (
        <EmptyState title="No sample client yet">
          A sample is the certificate of one of your clients, and the verdict that it must get. Each rotation
          asks for these verdicts before it touches a host; with its key a sample is tried on the listeners
          too.
        </EmptyState>
      )}
      {pages.items.length > 0 && (
        <SampleTable samples={pages.items} {...(change ? { onRemove: setRemoved } : {})} />
      )}
      <More of={pages} />
      {adding && <AddSampleDialog fleetId={fleetId} onClose={() => setAdding(false)} />}
      {removed && <RemoveSample sample={removed} onClose={() => setRemoved(null)} />}
    </>
  );
}

interface SampleTableProps {
  readonly samples: readonly Sample[];
  onRemove?(sample: Sample): void;
}

function SampleTable({ samples, onRemove }: SampleTableProps) {
  return (
    <WideTable label="Sample clients" minWidth={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Client</Table.Th>
          <Table.Th>Must be</Table.Th>
          <Table.Th>Tried on listeners</Table.Th>
          <Table.Th>Added</Table.Th>
          {onRemove && <Table.Th>Remove</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {samples.map((sample) => (
          <Table.Tr key={sample.id}>
            <Table.Td>{sample.name}</Table.Td>
            <Table.Td>
              <StateBadge
                tone={sample.expect === 'accepted' ? 'good' : 'waits'}
                glyph={sample.expect === 'accepted' ? '✔' : '⊘'}
              >
                {sample.expect}
              </StateBadge>
            </Table.Td>
            <Table.Td>
              <Text size="sm">{sample.hasPrivateKey ? 'yes, it has a key' : 'no, it has no key'}</Text>
            </Table.Td>
            <Table.Td>
              <Ago at={sample.createdAt} />
            </Table.Td>
            {onRemove && (
              <Table.Td>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Remove ${sample.name}`}
                  onClick={() => onRemove(sample)}
                >
                  Remove
                </Button>
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function RemoveSample({ sample, onClose }: { readonly sample: Sample; onClose(): void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const path = { fleetId: sample.fleetId, sampleId: sample.id };
  const removing = useMutation({
    mutationFn: () => client.DELETE('/v1/fleets/{fleetId}/samples/{sampleId}', { params: { path } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['fleets', sample.fleetId, 'samples'] });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Remove ${sample.name}?`}
      action="Remove the sample"
      doing={removing}
      onConfirm={() => removing.mutate()}
      onClose={onClose}
    >
      No rotation asks any more what becomes of this client.
    </ConfirmDialog>
  );
}
