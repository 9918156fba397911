import type { components } from '#api-client';
import type { Call } from '../command-line/call.js';
import type { REASON, YES } from '../command-line/option.js';
import { agrees } from '../command-line/person.js';
import { fleetCalled } from '../server/fleets.js';
import { allItems } from '../server/pages.js';
import { given } from '../server/server.js';
import { columns } from '../server/show.js';

type Schedule = components['schemas']['Schedule'];
type NoOptions = Record<never, never>;

export async function listSchedules({ client, operands, show }: Call<NoOptions>): Promise<number> {
  const { id: fleetId } = await fleetCalled(client, operands[0] ?? '');
  const schedules = await allItems(async (query) => {
    const { data } = await client.GET('/v1/fleets/{fleetId}/schedules', {
      params: { path: { fleetId }, query },
    });
    return data;
  });
  show(schedules, scheduleTable);
  return 0;
}

export async function pauseSchedule(call: Call<NoOptions>): Promise<number> {
  const [schedule, tag] = await read(call);
  call.show(await enable(call, schedule, tag, false), (one) => scheduleTable([one]));
  return 0;
}

/** A schedule that suspended itself needs a reason. */
export async function resumeSchedule(call: Call<typeof REASON>): Promise<number> {
  let [schedule, tag] = await read(call);
  if (schedule.suspended !== null) {
    schedule = await lift(call, schedule);
    [schedule, tag] = await read(call);
  }
  if (!schedule.enabled) schedule = await enable(call, schedule, tag, true);
  call.show(schedule, (one) => scheduleTable([one]));
  return 0;
}

export async function removeSchedule(call: Call<typeof YES>): Promise<number> {
  const { client, values, desk, show } = call;
  const [schedule, tag] = await read(call);
  const wish = { yes: values.yes === true, otherwise: 'give --yes' };
  if (!(await agrees(desk.person, `Take the schedule "${schedule.cron}" away?`, wish))) return 1;
  await client.DELETE('/v1/fleets/{fleetId}/schedules/{scheduleId}', {
    params: { path: pathOf(schedule), header: { 'If-Match': tag } },
  });
  show(schedule, () => `the schedule ${schedule.id} is gone`);
  return 0;
}

async function read({
  client,
  operands,
}: Pick<Call<NoOptions>, 'client' | 'operands'>): Promise<[Schedule, string]> {
  const [fleet = '', scheduleId = ''] = operands;
  const { id: fleetId } = await fleetCalled(client, fleet);
  const { data, response } = await client.GET('/v1/fleets/{fleetId}/schedules/{scheduleId}', {
    params: { path: { fleetId, scheduleId } },
  });
  return [given(data), response.headers.get('etag') ?? '*'];
}

async function enable(
  { client }: Pick<Call<NoOptions>, 'client'>,
  schedule: Schedule,
  tag: string,
  enabled: boolean,
): Promise<Schedule> {
  const { data } = await client.PATCH('/v1/fleets/{fleetId}/schedules/{scheduleId}', {
    params: { path: pathOf(schedule), header: { 'If-Match': tag } },
    body: { enabled },
  });
  return given(data);
}

async function lift({ client, values }: Call<typeof REASON>, schedule: Schedule): Promise<Schedule> {
  const { reason } = values;
  if (!reason?.trim()) {
    throw new RangeError(
      `it suspended itself (${schedule.suspended?.reason.message}); resume needs --reason: it is on record`,
    );
  }
  const { data } = await client.POST('/v1/fleets/{fleetId}/schedules/{scheduleId}:resume', {
    params: { path: pathOf(schedule) },
    body: { reason },
  });
  return given(data);
}

function pathOf({ fleetId, id: scheduleId }: Schedule) {
  return { fleetId, scheduleId };
}

export function scheduleTable(schedules: readonly Schedule[]): string {
  return columns([
    ['KIND', 'DUE', 'LOOKS', 'STATE', 'NEXT LOOK', 'ID'],
    ...schedules.map((one) => [
      ...[one.kind, dueOf(one), `${one.cron} ${one.timeZone}`, stateOf(one), one.nextTickAt ?? '-', one.id],
    ]),
  ]);
}

function dueOf(schedule: Schedule): string {
  const { rotateWhenDaysLeft: days, rotateWhenHoursLeft: hours, rotateAtLifetimePercent: percent } = schedule;
  if (days !== null) return `${days} d left`;
  if (hours !== null) return `${hours} h left`;
  return percent === null ? 'each time' : `${percent} % over`;
}

function stateOf({ enabled, suspended }: Schedule): string {
  if (suspended !== null) return 'suspended';
  return enabled ? 'on' : 'paused';
}
