import { Button, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ago } from '../elements/ago.js';
import { More } from '../elements/more.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { StateBadge, type Tone } from '../elements/state-badge.js';
import { WideTable } from '../elements/wide-table.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';
import { type Delivery, shortType } from './event-types.js';

const LOOKS: Readonly<Record<Delivery['status'], { readonly tone: Tone; readonly glyph: string }>> = {
  pending: { tone: 'busy', glyph: '◐' },
  delivered: { tone: 'good', glyph: '✔' },
  failed: { tone: 'bad', glyph: '✖' },
};

interface DeliveryTableProps {
  readonly webhookId: string;
  readonly mayRedeliver: boolean;
}

/** What was sent to one endpoint, newest first, and what became of it. */
export function DeliveryTable({ webhookId, mayRedeliver }: DeliveryTableProps) {
  const { client } = useSession();
  const queries = useQueryClient();
  const pages = usePages(['webhooks', webhookId, 'deliveries'], (page) =>
    client.GET('/v1/webhooks/{webhookId}/deliveries', { params: { path: { webhookId }, query: page } }),
  );
  const redelivering = useMutation({
    mutationFn: (deliveryId: string) =>
      client.POST('/v1/webhooks/{webhookId}/deliveries/{deliveryId}:redeliver', {
        params: { path: { webhookId, deliveryId }, header: { 'Idempotency-Key': crypto.randomUUID() } },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  const error = pages.error ?? redelivering.error;
  if (pages.isSuccess && pages.items.length === 0) return <Text size="sm">Nothing was sent yet.</Text>;
  return (
    <>
      {error !== null && <ProblemAlert error={error} />}
      <WideTable label="Deliveries" minWidth={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Event</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Recorded</Table.Th>
            <Table.Th>Tries</Table.Th>
            {mayRedeliver && <Table.Th>Again</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {pages.items.map((delivery) => (
            <DeliveryRow
              key={delivery.id}
              delivery={delivery}
              {...(mayRedeliver ? { onRedeliver: () => redelivering.mutate(delivery.id) } : {})}
            />
          ))}
        </Table.Tbody>
      </WideTable>
      <More of={pages} />
    </>
  );
}

interface DeliveryRowProps {
  readonly delivery: Delivery;
  onRedeliver?(): void;
}

function DeliveryRow({ delivery, onRedeliver }: DeliveryRowProps) {
  const { eventType, status, createdAt, attempts, responseCode, error } = delivery;
  return (
    <Table.Tr>
      <Table.Td>{shortType(eventType)}</Table.Td>
      <Table.Td>
        <StateBadge {...LOOKS[status]}>{status}</StateBadge>
        {error !== null && <Text size="xs">{error}</Text>}
      </Table.Td>
      <Table.Td>
        <Ago at={createdAt} />
      </Table.Td>
      <Table.Td>
        {attempts}
        {responseCode !== null && `, HTTP ${responseCode}`}
      </Table.Td>
      {onRedeliver && (
        <Table.Td>
          {status !== 'pending' && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Send ${shortType(eventType)} again`}
              onClick={onRedeliver}
            >
              Send again
            </Button>
          )}
        </Table.Td>
      )}
    </Table.Tr>
  );
}
