import { Alert, Text } from '@mantine/core';
import { Since } from '../../elements/ago.js';
import { Toned } from '../../elements/toned.js';
import type { Connection } from '../../feed/rotation-feed.js';

/** Whether what is shown is of now, and if not, since when it is not. */
export function ConnectionBadge({ connection }: { readonly connection: Connection }) {
  switch (connection.kind) {
    case 'connecting':
      return <Text size="sm">connecting…</Text>;
    case 'live':
      return (
        <Text size="sm">
          <Toned tone="good">● live</Toned>
        </Text>
      );
    case 'ended':
      return <Text size="sm">the journal is complete</Text>;
    case 'reconnecting':
      return (
        <Text size="sm" role="status" title={connection.why}>
          <Toned tone="waits">
            ↻ not connected for <Since at={new Date(connection.since).toISOString()} />: what you see is from
            then
          </Toned>
        </Text>
      );
    case 'refused':
    case 'unreadable':
      return (
        <Alert color="red" role="alert" title="This page hears of it no more">
          {connection.why} What you see is from before; load the page again.
        </Alert>
      );
  }
}
