import type { ReactNode } from 'react';
import { Dialog } from './dialog.js';

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
export function ConfirmDialog({ children, onConfirm, ...rest }: ConfirmDialogProps) {
  return (
    <Dialog {...rest} onSubmit={onConfirm} size="md" leave="Keep it" danger leaveFirst leaveAnyTime>
      <div>{children}</div>
    </Dialog>
  );
}
