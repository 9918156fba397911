import { Alert, Button, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ApiProblem } from '#api-client';
import type { RotationState } from '#rotation';
import { Dialog } from '../../elements/dialog.js';
import type { Order } from './send.js';
import type { VerbWords } from './verb-words.js';

interface OrderDialogProps {
  readonly state: RotationState;
  readonly words: VerbWords;
  send(order: Order): Promise<void>;
  close(): void;
  readonly children?: ReactNode;
}

/**
 * Says what will happen, asks why where that is on record, and sends it for the rotation as it was when the dialog was
 * opened: nobody decides on what they have not seen.
 */
export function OrderDialog({ state, words, send, close, children }: OrderDialogProps) {
  const [reason, setReason] = useState('');
  const [seen, setSeen] = useState(state);
  const { rotationId } = seen.snapshot;
  const order = useMutation({
    mutationFn: () => send({ rotationId, revision: seen.revision, reason: reason.trim() }),
    onSuccess: close,
  });
  const lookAgain = () => {
    setSeen(state);
    order.reset();
  };
  const changed = order.error instanceof ApiProblem && order.error.status === 412;
  return (
    <Dialog
      {...{ title: words.label, action: words.label, onClose: close }}
      {...{ size: 'md', leave: 'Leave it', danger: words.danger, leaveAnyTime: true }}
      doing={{ isPending: order.isPending, error: changed ? null : order.error }}
      ready={!changed && !(words.needsReason && reason.trim() === '')}
      onSubmit={order.mutate}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {words.will(seen)}
      </Text>
      {children}
      {words.needsReason && (
        <Textarea
          label="Reason"
          description="It is on record, for those who read it later."
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value.replace(/\n/g, ' '))}
          {...{ maxLength: 500, autosize: true, required: true }}
          data-autofocus
        />
      )}
      {changed && <Changed isHere={state.revision > seen.revision} lookAgain={lookAgain} />}
    </Dialog>
  );
}

interface ChangedProps {
  /** Whether this page has been told of what changed. */
  readonly isHere: boolean;
  lookAgain(): void;
}

function Changed({ isHere, lookAgain }: ChangedProps) {
  return (
    <Alert color="yellow" title="It changed meanwhile" role="alert">
      <Stack gap="xs" align="flex-start">
        The rotation is not any more as it was when you opened this. Look again before you decide.
        <Button size="compact-sm" variant="default" loading={!isHere} onClick={lookAgain}>
          Look again
        </Button>
      </Stack>
    </Alert>
  );
}
