import { Button, Group, Modal, MultiSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '#api-client';
import { Dialog } from '../elements/dialog.js';
import { faultsOf } from '../elements/field-faults.js';
import { SecretOnce } from '../elements/secret-once.js';
import { useAllFleets } from '../fleets/all-fleets.js';
import { useSession } from '../session/session.js';
import { EVENT_TYPES, type EventType, shortType } from './event-types.js';

type NewWebhook = components['schemas']['NewWebhook'];

const EMPTY = { url: '', description: '', eventTypes: [] as EventType[], fleetIds: [] as string[] };

/** Adds an endpoint, and shows what its deliveries are signed with the only time that it can be shown. */
export function AddWebhookDialog({ onClose }: { onClose(): void }) {
  const [draft, setDraft] = useState(EMPTY);
  const { data: fleets = [] } = useAllFleets();
  const adding = useAdding();
  const at = faultsOf(adding.error);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));
  if (adding.data) return <Added secret={adding.data.secret} onClose={onClose} />;
  return (
    <Dialog
      title="Add a webhook"
      action="Add the webhook"
      doing={adding}
      onSubmit={() => adding.mutate(newWebhookOf(draft))}
      onClose={onClose}
    >
      <TextInput
        label="URL"
        description="https, at an address of the internet unless the operator allowed others. Everybody who may read webhooks sees it."
        placeholder="https://hooks.example/windlass"
        required
        data-autofocus
        value={draft.url}
        error={at('#/url')}
        onChange={(event) => change({ url: event.currentTarget.value })}
      />
      <TextInput
        label="Description"
        value={draft.description}
        error={at('#/description')}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <MultiSelect
        label="Events"
        description="None: everything, also what a later release adds."
        data={EVENT_TYPES.map((type) => ({ value: type, label: shortType(type) }))}
        value={draft.eventTypes}
        error={at('#/eventTypes')}
        onChange={(chosen) => change({ eventTypes: EVENT_TYPES.filter((type) => chosen.includes(type)) })}
      />
      <MultiSelect
        label="Fleets"
        description="None: all."
        searchable
        data={fleets.map(({ id, name }) => ({ value: id, label: name }))}
        value={draft.fleetIds}
        error={at('#/fleetIds')}
        onChange={(fleetIds) => change({ fleetIds })}
      />
    </Dialog>
  );
}

function newWebhookOf({ url, description, eventTypes, fleetIds }: typeof EMPTY): NewWebhook {
  return {
    ...{ url: url.trim(), description: description.trim() },
    eventTypes: eventTypes.length === 0 ? null : eventTypes,
    fleetIds: fleetIds.length === 0 ? null : fleetIds,
  };
}

function useAdding() {
  const { client } = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: NewWebhook) => (await client.POST('/v1/webhooks', { body })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
    gcTime: 0,
  });
}

function Added({ secret, onClose }: { readonly secret: string; onClose(): void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="The webhook was added"
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <SecretOnce what="secret that deliveries are signed with" secret={secret} />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
