import { Alert, Button, Drawer, Group, List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { components } from '#api-client';
import { Ago } from '../elements/ago.js';
import { ConfirmDialog } from '../elements/confirm-dialog.js';
import { FactList } from '../elements/fact-list.js';
import { useNow } from '../elements/now.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useMay } from '../session/may.js';
import { usePreviewed, useScheduleChange } from './change-schedule.js';
import { NextTimes } from './next-times-list.js';
import { ResumeDialog } from './resume-dialog.js';
import { ruleInWords, type Schedule, scheduleState, windowInWords } from './schedule.js';

type Previewed = components['schemas']['PreviewedSchedule'];

interface ScheduleDrawerProps {
  readonly schedule: Schedule;
  onClose(): void;
}

/** What comes of a schedule, and what can be done with it. */
export function ScheduleDrawer({ schedule, onClose }: ScheduleDrawerProps) {
  const { change } = useMay();
  const { data, error } = usePreviewed(schedule);
  const rule = ruleInWords(schedule);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={`It ${rule}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        {error && <ProblemAlert error={error} />}
        {data && <Preview schedule={data.schedule} />}
        {data && change && <Verbs schedule={data.schedule} tag={data.tag} onGone={onClose} />}
      </Stack>
    </Drawer>
  );
}

function Preview({ schedule }: { readonly schedule: Previewed }) {
  const { explanation, suspended, windows, nextWindow, dueAt, lastDrift, resumed, jitterSeconds } = schedule;
  return (
    <>
      {suspended && (
        <Alert color="red" title={suspended.reason.message}>
          Next: {suspended.reason.nextStep}
        </Alert>
      )}
      <Text>{explanation}</Text>
      <FactList
        facts={[
          [
            'Looks next',
            schedule.nextTickAt === null ? 'not while paused' : <Ago key="v" at={schedule.nextTickAt} />,
          ],
          ['Due', dueAt === null ? 'not known, or not by age' : <Ago key="v" at={dueAt} />],
          ['Windows', windows.length === 0 ? 'at any time' : windows.map(windowInWords).join('; ')],
          ['Next window', <NextWindow key="v" of={nextWindow} />],
          ['Delay', jitterSeconds === 0 ? 'none' : `up to ${jitterSeconds} s`],
          ['Looked last', schedule.lastTickAt === null ? 'never' : <Ago key="v" at={schedule.lastTickAt} />],
          ...(resumed === null ? [] : [['Resumed', `by ${resumed.by}: ${resumed.reason}`] as const]),
        ]}
      />
      <NextTimes timetable={schedule} />
      {lastDrift && lastDrift.out.length > 0 && (
        <Alert color="red" title={`${lastDrift.out.length} of ${lastDrift.hosts} hosts were not in sync`}>
          <List size="sm">
            {lastDrift.out.map(({ hostId, host, state, problems }) => (
              <List.Item key={hostId}>
                <strong>{host}</strong>, {state}: {problems.map(({ message }) => message).join(' ')}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}

function NextWindow({ of }: { readonly of: Previewed['nextWindow'] }) {
  const now = useNow();
  if (of === null) return 'none';
  if (Date.parse(of.from) > now) return <Ago at={of.from} />;
  return (
    <>
      open, ends <Ago at={of.until} />
    </>
  );
}

interface VerbsProps {
  readonly schedule: Previewed;
  readonly tag: string;
  onGone(): void;
}

function Verbs({ schedule, tag, onGone }: VerbsProps) {
  const [asking, setAsking] = useState<'remove' | 'resume' | null>(null);
  const changing = useScheduleChange(schedule, () => setAsking(null));
  const removing = useScheduleChange(schedule, onGone);
  const state = scheduleState(schedule);
  return (
    <>
      {changing.error !== null && <ProblemAlert error={changing.error} />}
      <Group>
        {state === 'suspended' && <Button onClick={() => setAsking('resume')}>Let it go on</Button>}
        <Button
          variant="default"
          loading={changing.isPending}
          onClick={() => changing.mutate({ kind: 'enable', enabled: state === 'paused', tag })}
        >
          {state === 'paused' ? 'Resume' : 'Pause'}
        </Button>
        <Button color="red" variant="outline" onClick={() => setAsking('remove')}>
          Remove
        </Button>
      </Group>
      {asking === 'resume' && <ResumeDialog schedule={schedule} onClose={() => setAsking(null)} />}
      {asking === 'remove' && (
        <ConfirmDialog
          title="Remove the schedule?"
          action="Remove the schedule"
          doing={removing}
          onConfirm={() => removing.mutate({ kind: 'remove', tag })}
          onClose={() => setAsking(null)}
        >
          The fleet does nothing more by it. A rotation that it started goes on.
        </ConfirmDialog>
      )}
    </>
  );
}
