import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../elements/dialog.js';
import { faultsOf } from '../elements/field-faults.js';
import { useScheduleChange } from './change-schedule.js';
import type { Schedule } from './schedule.js';

/** Somebody answers for the failure that a schedule stopped at. */
export function ResumeDialog({ schedule, onClose }: { readonly schedule: Schedule; onClose(): void }) {
  const [reason, setReason] = useState('');
  const resuming = useScheduleChange(schedule, onClose);
  return (
    <Dialog
      title="Let the schedule go on"
      action="Let it go on"
      doing={resuming}
      ready={reason.trim() !== ''}
      onSubmit={() => resuming.mutate({ kind: 'resume', reason: reason.trim() })}
      onClose={onClose}
    >
      <TextInput
        label="Reason"
        description="What was mended. It stays in the audit log."
        required
        data-autofocus
        value={reason}
        error={faultsOf(resuming.error)('#/reason')}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Dialog>
  );
}
