import { Alert, Anchor, Button, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Ago } from '../elements/ago.js';
import { Columns } from '../elements/columns.js';
import { EmptyState } from '../elements/empty-state.js';
import { More } from '../elements/more.js';
import { NotForYou } from '../elements/not-for-you.js';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { StateBadge } from '../elements/state-badge.js';
import { WideTable } from '../elements/wide-table.js';
import { useMay } from '../session/may.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';
import { AddWebhookDialog } from './add-webhook-dialog.js';
import type { Webhook } from './event-types.js';
import { WebhookDrawer } from './webhook-drawer.js';

export default function WebhooksPage() {
  const { readWebhooks } = useMay();
  return readWebhooks ? <Webhooks /> : <NotForYou title="Webhooks" who="keys of the whole installation" />;
}

/** Who is told of what happens. */
function Webhooks() {
  const { client } = useSession();
  const { keepWebhooks } = useMay();
  const [adding, setAdding] = useState(false);
  const [openId, setOpenId] = useState<string | null>(null);
  const pages = usePages(['webhooks'], (page) => client.GET('/v1/webhooks', { params: { query: page } }));
  const open = pages.items.find(({ id }) => id === openId);
  return (
    <>
      <PageTitle title="Webhooks" says="Who is told of what happens, signed as Standard Webhooks has it.">
        {keepWebhooks && <Button onClick={() => setAdding(true)}>Add a webhook</Button>}
      </PageTitle>
      {pages.error && <ProblemAlert error={pages.error} />}
      {pages.isSuccess && pages.items.length === 0 && (
        <EmptyState title="Nobody is told yet">
          A webhook is an address that events are POSTed to: a rotation that started, waits, is blocked or
          ended, and drift that was found.{' '}
          {keepWebhooks ? 'Begin with “Add a webhook”.' : 'An admin adds one.'}
        </EmptyState>
      )}
      {pages.items.length > 0 && <WebhookTable webhooks={pages.items} onOpen={setOpenId} />}
      <More of={pages} />
      {adding && <AddWebhookDialog onClose={() => setAdding(false)} />}
      {open && <WebhookDrawer webhook={open} onClose={() => setOpenId(null)} />}
    </>
  );
}

interface WebhookTableProps {
  readonly webhooks: readonly Webhook[];
  onOpen(id: string): void;
}

function WebhookTable({ webhooks, onOpen }: WebhookTableProps) {
  return (
    <WideTable label="Webhooks" minWidth={600}>
      <Columns named={['Address', 'State', 'Told of', 'Delivered last']} />
      <Table.Tbody>
        {webhooks.map(({ id, url, description, enabled, disabledReason, eventTypes, lastDeliveredAt }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Anchor component="button" type="button" ta="start" onClick={() => onOpen(id)}>
                {url}
              </Anchor>
              <Text size="xs">{description}</Text>
              {disabledReason !== null && <Alert color="red">{disabledReason}</Alert>}
            </Table.Td>
            <Table.Td>
              <StateBadge tone={enabled ? 'good' : 'quiet'} glyph={enabled ? '✔' : '‖'}>
                {enabled ? 'on' : 'off'}
              </StateBadge>
            </Table.Td>
            <Table.Td>{eventTypes === null ? 'everything' : `${eventTypes.length} kinds of event`}</Table.Td>
            <Table.Td>{lastDeliveredAt === null ? 'never' : <Ago at={lastDeliveredAt} />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
