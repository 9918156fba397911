import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { More } from '../elements/more.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useMay } from '../session/may.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';
import { AddScheduleDialog } from './add-schedule-dialog.js';
import { NoSchedules } from './no-schedules.js';
import { ScheduleTable } from './schedule-table.js';

/** What one fleet does by itself. */
export function FleetSchedules({ fleetId }: { readonly fleetId: string }) {
  const { client } = useSession();
  const { change } = useMay();
  const [adding, setAdding] = useState(false);
  const pages = usePages(['schedules', 'of', fleetId], (page) =>
    client.GET('/v1/fleets/{fleetId}/schedules', { params: { path: { fleetId }, query: page } }),
  );
  return (
    <>
      {change && (
        <Group mb="md">
          <Button onClick={() => setAdding(true)}>Add a schedule</Button>
        </Group>
      )}
      {pages.error && <ProblemAlert error={pages.error} />}
      {pages.isSuccess && pages.items.length === 0 && <NoSchedules />}
      {pages.items.length > 0 && <ScheduleTable schedules={pages.items} />}
      <More of={pages} />
      {adding && <AddScheduleDialog fleetId={fleetId} fleets={[]} onClose={() => setAdding(false)} />}
    </>
  );
}
