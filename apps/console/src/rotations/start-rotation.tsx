import { Button, Center, Loader, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { type Fleet, useAllFleets } from '../fleets/all-fleets.js';
import { useMay } from '../session/may.js';
import { sharingCa } from './start/wish.js';

/** Loaded when somebody opens it: the page of a fleet is looked at far more often. */
const StartDialog = lazy(() => import('./start/start-dialog.js'));

/** A button and its dialog: a rotation of this fleet. Nothing for a key that may start none. */
export function StartRotation({ fleet }: { readonly fleet: Fleet }) {
  const { change } = useMay();
  const [open, { open: show, close }] = useDisclosure(false);
  const { data: fleets } = useAllFleets();
  if (!change) return null;
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
        <Suspense fallback={<Opening />}>
          {open && fleets && <StartDialog fleet={fleet} sharing={sharingCa(fleet, fleets)} />}
        </Suspense>
      </Modal>
    </>
  );
}

function Opening() {
  return (
    <Center py="xl">
      <Loader aria-label="Opening the dialog" />
    </Center>
  );
}
