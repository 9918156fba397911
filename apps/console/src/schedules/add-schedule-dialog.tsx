import { NumberInput, SegmentedControl, Select, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../elements/dialog.js';
import { type FaultAt, faultsOf } from '../elements/field-faults.js';
import { useOnce } from '../session/once.js';
import { useSession } from '../session/session.js';
import { NextTimes } from './next-times-list.js';
import { RuleFields } from './rule-fields.js';
import { EMPTY_SCHEDULE, newScheduleOf, type ScheduleDraft } from './schedule-draft.js';
import { WindowFields } from './window-fields.js';

const KINDS = [
  { value: 'rotate', label: 'Rotate' },
  { value: 'refresh', label: 'Refresh CRLs' },
  { value: 'drift', label: 'Find drift' },
] as const;

interface AddScheduleDialogProps {
  /** Null: it is chosen here. */
  readonly fleetId: string | null;
  readonly fleets: readonly { readonly id: string; readonly name: string }[];
  onClose(): void;
}

export function AddScheduleDialog({ fleetId, fleets, onClose }: AddScheduleDialogProps) {
  const [chosen, setChosen] = useState<string | null>(fleetId ?? fleets[0]?.id ?? null);
  const [draft, setDraft] = useState<ScheduleDraft>(EMPTY_SCHEDULE);
  const adding = useAdding(onClose);
  const at = faultsOf(adding.error);
  const change = (part: Partial<ScheduleDraft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <Dialog
      title="Add a schedule"
      action="Add the schedule"
      doing={adding}
      ready={chosen !== null}
      onSubmit={() => chosen && adding.mutate({ fleetId: chosen, draft })}
      onClose={onClose}
    >
      {fleetId === null && (
        <Select
          label="Fleet"
          data={fleets.map(({ id, name }) => ({ value: id, label: name }))}
          value={chosen}
          onChange={setChosen}
          searchable
          allowDeselect={false}
        />
      )}
      <SegmentedControl
        fullWidth
        aria-label="What it does"
        data={[...KINDS]}
        value={draft.kind}
        onChange={(value) => {
          const kind = KINDS.find((one) => one.value === value)?.value;
          if (kind) change({ kind });
        }}
      />
      {draft.kind === 'drift' ? (
        <Switch
          label="Repair what it finds"
          description="With a rotation of the strategy sync, in a window."
          checked={draft.repair}
          onChange={(event) => change({ repair: event.currentTarget.checked })}
        />
      ) : (
        <RuleFields draft={draft} at={at} onChange={change} />
      )}
      <WhenFields draft={draft} at={at} onChange={change} />
      <WindowFields
        windows={draft.windows}
        fault={at('#/windows')}
        onChange={(windows) => change({ windows })}
      />
      <NextTimes timetable={draft} />
    </Dialog>
  );
}

interface WhenFieldsProps {
  readonly draft: ScheduleDraft;
  readonly at: FaultAt;
  onChange(change: Partial<ScheduleDraft>): void;
}

function WhenFields({ draft, at, onChange }: WhenFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <TextInput
        label="Pattern"
        description="cron: when it looks."
        required
        classNames={{ input: 'mono' }}
        value={draft.cron}
        error={at('#/cron')}
        onChange={(event) => onChange({ cron: event.currentTarget.value })}
      />
      <Select
        label="Time zone"
        description="Of pattern and windows."
        searchable
        allowDeselect={false}
        data={TIME_ZONES}
        value={draft.timeZone}
        error={at('#/timeZone')}
        onChange={(timeZone) => timeZone && onChange({ timeZone })}
      />
      <NumberInput
        label="Delay, minutes"
        description="So much later at most."
        {...{ min: 0, max: 1_440 }}
        value={draft.jitterMinutes}
        error={at('#/jitterSeconds')}
        onChange={(value) => onChange({ jitterMinutes: Number(value) })}
      />
    </SimpleGrid>
  );
}

const TIME_ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

function useAdding(onDone: () => void) {
  const { client } = useSession();
  const queries = useQueryClient();
  const once = useOnce();
  return useMutation({
    mutationFn: ({ fleetId, draft }: { fleetId: string; draft: ScheduleDraft }) => {
      const body = newScheduleOf(draft);
      return client.POST('/v1/fleets/{fleetId}/schedules', {
        params: { path: { fleetId }, header: once({ fleetId, body }) },
        body,
      });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['schedules'] });
      await queries.invalidateQueries({ queryKey: ['fleets'] });
      onDone();
    },
  });
}
