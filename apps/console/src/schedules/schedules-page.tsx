import { Button } from '@mantine/core';
import { useState } from 'react';
import { More } from '../elements/more.js';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { useAllFleets } from '../fleets/all-fleets.js';
import { useMay } from '../session/may.js';
import { usePages } from '../session/pages.js';
import { useSession } from '../session/session.js';
import { AddScheduleDialog } from './add-schedule-dialog.js';
import { NoSchedules } from './no-schedules.js';
import { ScheduleTable } from './schedule-table.js';

/** What all fleets do by themselves. */
export default function SchedulesPage() {
  const { client } = useSession();
  const { change } = useMay();
  const { data: fleets = [] } = useAllFleets();
  const [adding, setAdding] = useState(false);
  const pages = usePages(['schedules'], (page) => client.GET('/v1/schedules', { params: { query: page } }));
  return (
    <>
      <PageTitle title="Schedules" says="What the fleets do by themselves.">
        {change && fleets.length > 0 && <Button onClick={() => setAdding(true)}>Add a schedule</Button>}
      </PageTitle>
      {pages.error && <ProblemAlert error={pages.error} />}
      {pages.isSuccess && pages.items.length === 0 && <NoSchedules />}
      {pages.items.length > 0 && <ScheduleTable schedules={pages.items} />}
      <More of={pages} />
      {adding && <AddScheduleDialog fleetId={null} fleets={fleets} onClose={() => setAdding(false)} />}
    </>
  );
}
