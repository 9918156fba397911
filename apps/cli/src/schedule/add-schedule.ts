import type { Call } from '../command-line/call.js';
import { fleetCalled } from '../server/fleets.js';
import { given } from '../server/server.js';
import type { ADD_OPTIONS } from './options.js';
import { scheduleBody } from './schedule-body.js';
import { scheduleTable } from './schedules.js';

/** Records a schedule, and says what comes of it. */
export async function addSchedule(call: Call<typeof ADD_OPTIONS>): Promise<number> {
  const { client, values, operands, show } = call;
  const body = scheduleBody(values);
  const { id: fleetId } = await fleetCalled(client, operands[0] ?? '');
  const made = await client.POST('/v1/fleets/{fleetId}/schedules', {
    params: { path: { fleetId }, header: { 'Idempotency-Key': crypto.randomUUID() } },
    body,
  });
  const { id: scheduleId } = given(made.data);
  const { data } = await client.GET('/v1/fleets/{fleetId}/schedules/{scheduleId}', {
    params: { path: { fleetId, scheduleId } },
  });
  show(given(data), (schedule) => `${scheduleTable([schedule])}\n\n${schedule.explanation}`);
  return 0;
}
