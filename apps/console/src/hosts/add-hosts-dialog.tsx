import { Alert, Button, FileButton, Group, List, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../elements/dialog.js';
import { faultsOf } from '../elements/field-faults.js';
import { useEnrolling } from './enrol.js';
import { COLUMNS, hostsOf } from './hosts-csv.js';
import { linesOf } from './listeners.js';
import { LoginFields } from './login-fields.js';

interface AddHostsDialogProps {
  readonly fleetId: string;
  onClose(): void;
}

const EMPTY = {
  ...{ text: '', user: 'root', login: 'key' as 'key' | 'agent', privateKey: '' },
  ...{ managedPaths: '/etc/nginx/trust/client-ca.pem', knownHosts: '' },
};
const EXAMPLE = `${COLUMNS.filter((column) => column !== 'hostKey').join(',')}
edge-1,10.0.0.7,22,root,,8443 edge.example
edge-2,10.0.0.8,22,root,,8443 edge.example`;
const MOST_FAULTS = 8;

/** Up to 1,000 hosts at once, as a table or as JSON: all of them are enrolled, or none. */
export function AddHostsDialog({ fleetId, onClose }: AddHostsDialogProps) {
  const [draft, setDraft] = useState(EMPTY);
  const enrolling = useEnrolling(fleetId, onClose);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));
  const read = hostsOf(draft.text, { ...draft, managedPaths: linesOf(draft.managedPaths) });
  const ready = read.hosts.length > 0 && read.faults.length === 0;
  const { knownHosts } = draft;
  return (
    <Dialog
      title="Add many hosts"
      action={
        ready ? `Add ${read.hosts.length} ${read.hosts.length === 1 ? 'host' : 'hosts'}` : 'Add the hosts'
      }
      size="xl"
      doing={enrolling}
      ready={ready}
      onSubmit={() =>
        enrolling.mutate({ hosts: [...read.hosts], ...(knownHosts.trim() === '' ? {} : { knownHosts }) })
      }
      onClose={onClose}
    >
      <Textarea
        label="Hosts, as CSV or JSON"
        description={`The first line names the columns: ${COLUMNS.join(', ')}. Several paths or listeners stand with ; between them. As JSON: what POST /v1/fleets/:id/hosts takes.`}
        placeholder={EXAMPLE}
        required
        autosize
        minRows={5}
        maxRows={14}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-autofocus
        value={draft.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
      />
      <Group>
        <FileButton
          onChange={(file) => void file?.text().then((text) => change({ text }))}
          accept=".csv,.json,.txt"
        >
          {(props) => (
            <Button {...props} variant="default" size="compact-sm">
              From a file
            </Button>
          )}
        </FileButton>
      </Group>
      {draft.text.trim() !== '' && <WhatWasRead {...read} />}
      <ForAll draft={draft} onChange={change} error={enrolling.error} />
    </Dialog>
  );
}

function WhatWasRead({ hosts, faults }: ReturnType<typeof hostsOf>) {
  if (faults.length === 0) return <Text role="status">{hosts.length} read.</Text>;
  return (
    <Alert color="red" title="It cannot be read" role="status">
      <List size="sm">
        {faults.slice(0, MOST_FAULTS).map((fault) => (
          <List.Item key={fault}>{fault}</List.Item>
        ))}
      </List>
      {faults.length > MOST_FAULTS && <Text size="sm">And {faults.length - MOST_FAULTS} more.</Text>}
    </Alert>
  );
}

interface ForAllProps {
  readonly draft: typeof EMPTY;
  readonly error: unknown;
  onChange(change: Partial<typeof EMPTY>): void;
}

/** What a row of the table need not say. */
function ForAll({ draft, error, onChange }: ForAllProps) {
  const at = faultsOf(error);
  return (
    <>
      <Text size="sm">For every row of the table that says nothing else:</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="User"
          value={draft.user}
          onChange={(event) => onChange({ user: event.currentTarget.value })}
        />
        <Textarea
          label="Managed paths"
          description="One a line."
          autosize
          value={draft.managedPaths}
          onChange={(event) => onChange({ managedPaths: event.currentTarget.value })}
        />
      </SimpleGrid>
      <LoginFields draft={draft} at={at} onChange={onChange} />
      <Textarea
        label="known_hosts"
        description="For all hosts that bring no key themselves; such as ssh-keyscan prints it, once you have checked it."
        autosize
        minRows={3}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={draft.knownHosts}
        error={at('#/knownHosts')}
        onChange={(event) => onChange({ knownHosts: event.currentTarget.value })}
      />
    </>
  );
}
