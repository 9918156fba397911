import { Button, Group, Modal, MultiSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '#api-client';
import { Dialog } from '../elements/dialog.js';
import { faultsOf } from '../elements/field-faults.js';
import { SecretOnce } from '../elements/secret-once.js';
import { useAllFleets } from '../fleets/all-fleets.js';
import { useSession } from '../session/session.js';

type NewApiKey = components['schemas']['NewApiKey'];
type Role = NewApiKey['role'];

const ROLES: readonly (readonly [Role, string])[] = [
  ['viewer', 'viewer: reads'],
  ['operator', 'operator: reads, and changes everything but keys and webhooks'],
  ['approver', 'approver: reads, also the audit log, and approves that an old CA is dropped'],
  ['admin', 'admin: all of that, and makes keys and webhooks'],
];

const EMPTY = { role: 'viewer' as Role, label: '', fleetIds: [] as string[], expires: '', subject: '' };

/** Makes a key, and shows it the only time that it can be shown. */
export function NewKeyDialog({ onClose }: { onClose(): void }) {
  const [draft, setDraft] = useState(EMPTY);
  const { data: fleets = [] } = useAllFleets();
  const making = useMaking();
  const at = faultsOf(making.error);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));
  if (making.data) return <Made secret={making.data.key} label={making.data.label} onClose={onClose} />;
  return (
    <Dialog
      title="Make an API key"
      action="Make the key"
      doing={making}
      onSubmit={() => making.mutate(newKeyOf(draft))}
      onClose={onClose}
    >
      <TextInput
        label="Label"
        description="Whose it is. No other key that is good may have it."
        required
        data-autofocus
        value={draft.label}
        error={at('#/label')}
        onChange={(event) => change({ label: event.currentTarget.value })}
      />
      <Radio.Group
        label="Role"
        value={draft.role}
        error={at('#/role')}
        onChange={(value) => change({ role: ROLES.find(([role]) => role === value)?.[0] ?? 'viewer' })}
      >
        {ROLES.map(([role, says]) => (
          <Radio key={role} mt={6} value={role} label={says} />
        ))}
      </Radio.Group>
      <MultiSelect
        label="Confined to fleets"
        description="None: all, those to come among them."
        data={fleets.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        value={draft.fleetIds}
        error={at('#/fleetIds')}
        onChange={(fleetIds) => change({ fleetIds })}
      />
      <TextInput
        label="Ends"
        description="Empty: never. In your time."
        type="datetime-local"
        value={draft.expires}
        error={at('#/expiresAt')}
        onChange={(event) => change({ expires: event.currentTarget.value })}
      />
      <TextInput
        label="Subject"
        description="sub of the tokens that its holder has too: with either they are one person."
        value={draft.subject}
        error={at('#/subject')}
        onChange={(event) => change({ subject: event.currentTarget.value })}
      />
    </Dialog>
  );
}

function newKeyOf({ role, label, fleetIds, expires, subject }: typeof EMPTY): NewApiKey {
  return {
    ...{ role, label: label.trim(), fleetIds: fleetIds.length === 0 ? null : fleetIds },
    expiresAt: expires === '' ? null : new Date(expires).toISOString(),
    subject: subject.trim() === '' ? null : subject.trim(),
  };
}

function useMaking() {
  const { client } = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: NewApiKey) => (await client.POST('/v1/api-keys', { body })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
    // The secret must not outlive the dialog.
    gcTime: 0,
  });
}

interface MadeProps {
  readonly label: string;
  readonly secret: string;
  onClose(): void;
}

function Made({ label, secret, onClose }: MadeProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={`The key of ${label}`}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <SecretOnce what="key" secret={secret} />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
