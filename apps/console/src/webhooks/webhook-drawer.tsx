import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../elements/confirm-dialog.js';
import { FactList } from '../elements/fact-list.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useFleetNames } from '../fleets/fleet-names.js';
import { useMay } from '../session/may.js';
import { useSession } from '../session/session.js';
import { DeliveryTable } from './delivery-table.js';
import { shortType, type Webhook } from './event-types.js';

interface WebhookDrawerProps {
  readonly webhook: Webhook;
  onClose(): void;
}

/** One endpoint: what it is told, and how that went. */
export function WebhookDrawer({ webhook, onClose }: WebhookDrawerProps) {
  const { keepWebhooks } = useMay();
  const names = useFleetNames();
  const { url, description, eventTypes, fleetIds, createdBy } = webhook;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={url}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        {description !== '' && <Text>{description}</Text>}
        <FactList
          facts={[
            ['Told of', eventTypes === null ? 'everything' : eventTypes.map(shortType).join(', ')],
            ['Fleets', fleetIds === null ? 'all' : fleetIds.map((id) => names.get(id) ?? id).join(', ')],
            ['Added by', createdBy],
          ]}
        />
        {keepWebhooks && <Verbs webhook={webhook} onGone={onClose} />}
        <section>
          <Title order={3} size="h5" mb="xs">
            Deliveries
          </Title>
          <DeliveryTable webhookId={webhook.id} mayRedeliver={keepWebhooks} />
        </section>
      </Stack>
    </Drawer>
  );
}

function Verbs({ webhook, onGone }: { readonly webhook: Webhook; onGone(): void }) {
  const [asking, setAsking] = useState(false);
  const { testing, switching, removing } = useVerbs(webhook, onGone);
  const error = testing.error ?? switching.error;
  return (
    <>
      {error !== null && <ProblemAlert error={error} />}
      <Group>
        <Button variant="default" loading={testing.isPending} onClick={() => testing.mutate()}>
          Send a test
        </Button>
        <Button variant="default" loading={switching.isPending} onClick={() => switching.mutate()}>
          {webhook.enabled ? 'Switch off' : 'Switch on'}
        </Button>
        <Button color="red" variant="outline" onClick={() => setAsking(true)}>
          Remove
        </Button>
      </Group>
      {asking && (
        <ConfirmDialog
          title="Remove the webhook?"
          action="Remove the webhook"
          doing={removing}
          onConfirm={() => removing.mutate()}
          onClose={() => setAsking(false)}
        >
          Nothing more is sent there, and its deliveries are forgotten.
        </ConfirmDialog>
      )}
    </>
  );
}

function useVerbs({ id: webhookId, enabled }: Webhook, onGone: () => void) {
  const { client } = useSession();
  const queries = useQueryClient();
  const params = { path: { webhookId } };
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['webhooks'] });
  return {
    testing: useMutation({
      mutationFn: () =>
        client.POST('/v1/webhooks/{webhookId}:test', {
          params: { ...params, header: { 'Idempotency-Key': crypto.randomUUID() } },
        }),
      onSuccess,
    }),
    switching: useMutation({
      mutationFn: () => client.PATCH('/v1/webhooks/{webhookId}', { params, body: { enabled: !enabled } }),
      onSuccess,
    }),
    removing: useMutation({
      mutationFn: () => client.DELETE('/v1/webhooks/{webhookId}', { params }),
      onSuccess: async () => {
        await onSuccess();
        onGone();
      },
    }),
  };
}
