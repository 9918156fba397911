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
  /** The word on the button that leaves it. */
  readonly leave?: string;
  /** It is not easily undone. */
  readonly danger?: boolean;
  /** Leaving is what Enter does at first. */
  readonly leaveFirst?: boolean;
  /** It may be left while it is sent. Not where what comes back may be shown once alone, as a key is. */
  readonly leaveAnyTime?: boolean;
  readonly children: ReactNode;
  onSubmit(): void;
  onClose(): void;
}

/** What is asked on top of the page. Sent with Enter, left with Escape. */
export function Dialog({ title, action, doing, size = 'lg', ready = true, ...rest }: DialogProps) {
  const { leave = 'Cancel', danger = false, leaveFirst = false, leaveAnyTime = false } = rest;
  const { children, onSubmit, onClose } = rest;
  const held = doing.isPending && !leaveAnyTime;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Modal
      opened
      onClose={held ? () => undefined : onClose}
      {...{ title, size }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          {children}
          {doing.error !== null && <ProblemAlert error={doing.error} />}
          <Group justify="flex-end">
            <Button
              variant="default"
              disabled={held}
              onClick={onClose}
              {...(leaveFirst ? { 'data-autofocus': true } : {})}
            >
              {leave}
            </Button>
            <Button
              type="submit"
              loading={doing.isPending}
              disabled={!ready}
              {...(danger ? { color: 'red.9' } : {})}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
