import { NumberInput, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../elements/dialog.js';
import { faultsOf } from '../elements/field-faults.js';
import { useEnrolling } from './enrol.js';
import { EMPTY_HOST, type HostDraft, newHostOf } from './host-draft.js';
import { HostPlace } from './host-place.js';
import { LoginFields } from './login-fields.js';

interface AddHostDialogProps {
  readonly fleetId: string;
  onClose(): void;
}

export function AddHostDialog({ fleetId, onClose }: AddHostDialogProps) {
  const [draft, setDraft] = useState<HostDraft>(EMPTY_HOST);
  const enrolling = useEnrolling(fleetId, onClose);
  const at = faultsOf(enrolling.error);
  const change = (part: Partial<HostDraft>) => setDraft((before) => ({ ...before, ...part }));
  const { host, notListeners } = newHostOf(draft);
  const text = (field: 'name' | 'address' | 'user') => ({
    ...{ value: draft[field], error: at(`#/${field}`), required: true },
    onChange: (event: { currentTarget: { value: string } }) => change({ [field]: event.currentTarget.value }),
  });
  return (
    <Dialog
      title="Add a host"
      action="Add the host"
      size="xl"
      doing={enrolling}
      ready={notListeners.length === 0}
      onSubmit={() => enrolling.mutate(host)}
      onClose={onClose}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...text('name')} label="Host name" placeholder="edge-1" data-autofocus />
        <TextInput {...text('address')} label="Address" description="By which SSH reaches it." />
        <TextInput {...text('user')} label="User" />
        <NumberInput
          label="SSH port"
          value={draft.port}
          error={at('#/port')}
          {...{ min: 1, max: 65_535, allowDecimal: false }}
          onChange={(port) => change({ port: Number(port) })}
        />
      </SimpleGrid>
      <LoginFields draft={draft} at={at} onChange={change} />
      <Textarea
        label="Host key"
        description="A public key of the host, or lines of a known_hosts file. Any other key is refused before we log in."
        placeholder="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA..."
        required
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={draft.hostKey}
        error={at('#/hostKey') ?? at('#/knownHosts')}
        onChange={(event) => change({ hostKey: event.currentTarget.value })}
      />
      <HostPlace draft={draft} at={at} notListeners={notListeners} onChange={change} />
    </Dialog>
  );
}
