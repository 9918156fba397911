import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type Fleet, useAllFleets } from '../fleets/all-fleets.js';
import { useSession } from '../session/session.js';
import { StartDialog } from './start/start-dialog.js';
import { sharingCa } from './start/wish.js';
import { mayOperate } from './verbs/who-may.js';

/** A button and its dialog: a rotation of this fleet. Nothing for a key that may start none. */
export function StartRotation({ fleet }: { readonly fleet: Fleet }) {
  const { self } = useSession();
  const [open, { open: show, close }] = useDisclosure(false);
  const { data: fleets } = useAllFleets();
  if (!mayOperate(self)) return null;
  return (
    <>
      <Button onClick={show}>Rotate…</Button>
      <Modal
        opened={open}
        onClose={close}
        title={`Rotate ${fleet.name}`}
        size="xl"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {open && fleets && <StartDialog fleet={fleet} sharing={sharingCa(fleet, fleets)} />}
      </Modal>
    </>
  );
}
