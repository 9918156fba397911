import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.js';

interface DialogProps {
  readonly title: string;
  /** The word on the button that sends it. */
  readonly action: string;
  readonly doing: { readonly isPending: boolean; readonly error: unknown };
  readonly size?: string;
  /** False: something is missing still. */
  readonly ready?: boolean;
  readonly children: ReactNode;
  onSubmit(): void;
  onClose(): void;
}

/**
 * A form on top of the page. Sent with Enter, left with Escape; not while it is sent: what comes back may be shown once
 * alone, as a key is.
 */
export function Dialog({ title, action, doing, size = 'lg', ready = true, ...rest }: DialogProps) {
  const { children, onSubmit, onClose } = rest;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Modal
      opened
      onClose={doing.isPending ? () => undefined : onClose}
      {...{ title, size }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          {children}
          {doing.error !== null && <ProblemAlert error={doing.error} />}
          <Group justify="flex-end">
            <Button variant="default" disabled={doing.isPending} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={doing.isPending} disabled={!ready}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
