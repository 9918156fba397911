import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.js';

interface ConfirmDialogProps {
  readonly title: string;
  /** The word on the button that does it, such as `Remove the host`. */
  readonly action: string;
  readonly doing: { readonly isPending: boolean; readonly error: unknown };
  /** What it means. */
  readonly children: ReactNode;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something that is not easily undone. */
export function ConfirmDialog({ title, action, doing, children, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <div>{children}</div>
        {doing.error !== null && <ProblemAlert error={doing.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" loading={doing.isPending} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
