import { Button, Chip, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { EmptyState } from '../elements/empty-state.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useMay } from '../session/may.js';
import { AddHostDialog } from './add-host-dialog.js';
import { AddHostsDialog } from './add-hosts-dialog.js';
import { type Host, useAllHosts } from './all-hosts.js';
import { HostDrawer } from './host-drawer.js';
import { countStates, filterHosts, HOST_LOOKS, type HostState } from './host-state.js';
import { HostTable } from './host-table.js';

/** The hosts of a fleet: what each has and serves. */
export function HostsSection({ fleetId }: { readonly fleetId: string }) {
  const { data: hosts, error } = useAllHosts(fleetId);
  const { change } = useMay();
  const [adding, setAdding] = useState<'one' | 'many' | null>(null);
  return (
    <>
      {change && (
        <Group mb="md" gap="xs">
          <Button onClick={() => setAdding('one')}>Add a host</Button>
          <Button variant="default" onClick={() => setAdding('many')}>
            Add many
          </Button>
        </Group>
      )}
      {error && <ProblemAlert error={error} />}
      {hosts?.length === 0 && (
        <EmptyState title="This fleet has no host yet">
          A host is added with its address, a login, its pinned host key, the bundle file and its listeners.
          It is then looked at by the next check for drift. On the command line:{' '}
          <code>windlass host add</code>.
        </EmptyState>
      )}
      {hosts && hosts.length > 0 && <Hosts hosts={hosts} />}
      {adding === 'one' && <AddHostDialog fleetId={fleetId} onClose={() => setAdding(null)} />}
      {adding === 'many' && <AddHostsDialog fleetId={fleetId} onClose={() => setAdding(null)} />}
    </>
  );
}

function Hosts({ hosts }: { readonly hosts: readonly Host[] }) {
  const [sought, setSought] = useState('');
  const [state, setState] = useState<HostState | null>(null);
  const [openId, setOpenId] = useState<string | null>(null);
  const shown = filterHosts(hosts, sought, state);
  const open = hosts.find(({ id }) => id === openId);
  return (
    <>
      <Group align="flex-end" mb="sm" gap="md">
        <TextInput
          label="Search hosts"
          description="By name or address."
          type="search"
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
        <Group gap={6} role="group" aria-label="Filter by state">
          {countStates(hosts).map(([one, count]) => (
            <Chip
              key={one}
              size="sm"
              variant="outline"
              checked={state === one}
              onChange={() => setState(state === one ? null : one)}
            >
              {HOST_LOOKS[one].glyph} {HOST_LOOKS[one].word} {count}
            </Chip>
          ))}
        </Group>
      </Group>
      <Text size="sm" mb={4} role="status">
        {shown.length === hosts.length
          ? counted(hosts.length)
          : `${shown.length} of ${counted(hosts.length)}`}
      </Text>
      <HostTable hosts={shown} onOpen={setOpenId} />
      {open && <HostDrawer host={open} onClose={() => setOpenId(null)} />}
    </>
  );
}

function counted(hosts: number): string {
  return hosts === 1 ? '1 host' : `${hosts} hosts`;
}
