import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { Schedules as ScheduleQueue, Wakeups } from '#engine';
import { ScheduleRecords } from '#persistence';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import { NewSchedule, Schedule, Schedules } from './schedule-schemas.js';

@ApiTags('schedules')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/schedules')
export class SchedulesController {
  constructor(
    @Inject(ScheduleRecords) private readonly schedules: ScheduleRecords,
    @Inject(ScheduleQueue) private readonly queue: ScheduleQueue,
    @Inject(Wakeups) private readonly wakeups: Wakeups,
  ) {}

  @Post()
  @Operation({
    summary: 'Rotate by itself before the CA expires',
    reply: {
      status: 201,
      description: 'Recorded, and ticking when enabled.',
      schema: Schedule,
      headers: { Location: 'Path of the list.' },
    },
    problems: [...WITH_KEY, ...WITH_BODY, 'fleet.not-found'],
  })
  async addSchedule(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: NewSchedule }) body: z.output<typeof NewSchedule>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof Schedule>> {
    const schedule = await this.schedules.addSchedule(fleetId, body);
    try {
      await this.queue.apply(schedule);
    } catch (error) {
      // Else a caller who tries again would leave two.
      await this.schedules.removeSchedule(fleetId, schedule.id);
      throw error;
    }
    response.location(`/v1/fleets/${fleetId}/schedules`);
    return Schedule.parse(schedule);
  }

  @Get()
  @Operation({
    summary: 'List the schedules of a fleet',
    reply: {
      status: 200,
      description: 'Oldest first, each with what its last tick found.',
      schema: Schedules,
    },
    problems: [...WITH_KEY, 'fleet.not-found'],
  })
  async listSchedules(
    @Param('fleetId', { schema: pathId }) fleetId: string,
  ): Promise<z.output<typeof Schedules>> {
    return Schedules.parse({ items: await this.schedules.listSchedules(fleetId) });
  }

  @Delete(':scheduleId')
  @HttpCode(204)
  @Operation({
    summary: 'Remove a schedule',
    reply: { status: 204, description: 'Removed; it does not tick again.' },
    problems: [...WITH_KEY, 'schedule.not-found'],
  })
  async removeSchedule(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('scheduleId', { schema: pathId }) scheduleId: string,
  ): Promise<void> {
    await this.schedules.removeSchedule(fleetId, scheduleId);
    await this.wakeups.removeSchedule(scheduleId);
  }
}
