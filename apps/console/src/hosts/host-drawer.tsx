import { Alert, Button, Drawer, List, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ago } from '../elements/ago.js';
import { ConfirmDialog } from '../elements/confirm-dialog.js';
import { FactList } from '../elements/fact-list.js';
import { useMay } from '../session/may.js';
import { useSession } from '../session/session.js';
import type { Host, Observed } from './all-hosts.js';
import { HostBadge } from './host-badge.js';
import { stateOf } from './host-state.js';

interface HostDrawerProps {
  readonly host: Host;
  onClose(): void;
}

/** All that is known of one host, and the way out of the fleet. */
export function HostDrawer({ host, onClose }: HostDrawerProps) {
  const { change } = useMay();
  const [removing, setRemoving] = useState(false);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={host.name}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <div>
          <HostBadge state={stateOf(host)} />
        </div>
        {host.observed && <Seen observed={host.observed} />}
        <Recorded host={host} />
        {change && host.decommissionedAt === null && (
          <Button color="red" variant="outline" onClick={() => setRemoving(true)} maw={220}>
            Remove the host
          </Button>
        )}
      </Stack>
      {removing && <RemoveHost host={host} onGone={onClose} onClose={() => setRemoving(false)} />}
    </Drawer>
  );
}

function Seen({ observed }: { readonly observed: Observed }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        As it was seen <Ago at={observed.at} />
      </Title>
      {observed.problems.map(({ code, message, nextStep }) => (
        <Alert key={`${code} ${message}`} color="red" title={message}>
          Next: {nextStep}
        </Alert>
      ))}
      <List size="sm">
        {observed.files.map(({ path, digest }) => (
          <List.Item key={path}>
            <code>{path}</code>: <code style={{ overflowWrap: 'anywhere' }}>{digest ?? 'not readable'}</code>
          </List.Item>
        ))}
        {observed.listeners.map(({ listener, serves }) => (
          <List.Item key={listener}>
            {listener}: {serves === null ? 'cannot be told' : serves ? 'serves it' : 'serves something else'}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function Recorded({ host }: { readonly host: Host }) {
  const { address, port, user, login, access, jump, hostKey, managedPaths, probeTargets } = host;
  const targets = probeTargets.map((one) => `${one.address}:${one.port} ${one.serverName ?? ''}`.trim());
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        As it is recorded
      </Title>
      <FactList
        facts={[
          ['SSH', `${user}@${address}:${port}, by ${login}`],
          ['By way of', jump === null ? 'directly' : `${jump.user}@${jump.address}:${jump.port}`],
          ['Access', access],
          ['Managed paths', managedPaths.join(', ')],
          ['Listeners', targets.join(', ')],
          ['nginx', [host.nginxBinary, ...host.nginxArguments].join(' ')],
          ['Reload', host.reloadCommand.length === 0 ? 'SIGHUP to its master' : host.reloadCommand.join(' ')],
          ['Enrolled', <Ago key="at" at={host.createdAt} />],
        ]}
      />
      <Text size="sm">
        Pinned host key: <code style={{ overflowWrap: 'anywhere' }}>{hostKey}</code>
      </Text>
    </Stack>
  );
}

interface RemoveHostProps extends HostDrawerProps {
  onGone(): void;
}

/** What is removed is what was looked at: its tag is taken when the question is asked. */
function RemoveHost({ host, onGone, onClose }: RemoveHostProps) {
  const { client } = useSession();
  const queries = useQueryClient();
  const path = { fleetId: host.fleetId, hostId: host.id };
  const tag = useQuery({
    queryKey: ['host-tag', host.id],
    ...{ refetchInterval: false as const, gcTime: 0 },
    queryFn: async () => {
      const { response } = await client.GET('/v1/fleets/{fleetId}/hosts/{hostId}', { params: { path } });
      const etag = response.headers.get('etag');
      if (etag === null) throw new Error('The API did not say as what the host is recorded.');
      return etag;
    },
  });
  const removing = useMutation({
    mutationFn: (etag: string) =>
      client.DELETE('/v1/fleets/{fleetId}/hosts/{hostId}', {
        params: { path, header: { 'If-Match': etag } },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['fleets'] });
      onGone();
    },
  });
  return (
    <ConfirmDialog
      title={`Remove ${host.name}?`}
      action="Remove the host"
      doing={{ isPending: removing.isPending || tag.isPending, error: removing.error ?? tag.error }}
      onConfirm={() => (tag.data === undefined ? void tag.refetch() : removing.mutate(tag.data))}
      onClose={onClose}
    >
      No rotation counts it in from then on. Its files stay as they are: it goes on trusting what it trusts
      now.
    </ConfirmDialog>
  );
}
