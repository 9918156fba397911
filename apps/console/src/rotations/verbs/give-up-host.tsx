import { Button } from '@mantine/core';
import { useState } from 'react';
import type { RotationState } from '#rotation';
import { useSession } from '../../session/session.js';
import { hostsToGiveUp } from './offered.js';
import { OrderDialog } from './order-dialog.js';
import { giveUpHost } from './send.js';
import type { VerbWords } from './verb-words.js';

interface GiveUpHostProps {
  readonly state: RotationState;
  readonly hostId: string;
}

/** For a host that everybody waits for and nobody can mend. Nothing where the rotation does not wait for it. */
export function GiveUpHost({ state, hostId }: GiveUpHostProps) {
  const { client, self } = useSession();
  const [open, setOpen] = useState(false);
  if (!open && !hostsToGiveUp(state, self).includes(hostId)) return null;
  const name = state.snapshot.hostNames[hostId] ?? hostId;
  const words: VerbWords = {
    label: `Give ${name} up`,
    will: () =>
      'The rotation ends without this host, and says so. What it serves stays unknown, and no later rotation counts it in until a sync brings it back.',
    ...{ needsReason: true, danger: true },
  };
  return (
    <>
      <Button size="compact-sm" color="red" variant="outline" onClick={() => setOpen(true)}>
        {words.label}
      </Button>
      {open && (
        <OrderDialog
          {...{ state, words }}
          send={(order) => giveUpHost(client, hostId, order)}
          close={() => setOpen(false)}
        />
      )}
    </>
  );
}
