import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { Clock, Schedules as ScheduleEngine, Wakeups } from '#engine';
import { FleetRecords, ScheduleRecords, type ScheduleView } from '#persistence';
import { MayOperate, MayRead } from '../access/access-rule.js';
import { type ApiRequest, actorOf } from '../http/api-request.js';
import { TakesIfMatch, unchanged } from '../http/entity-tags.js';
import { HonoursIdempotencyKey, IdempotentId, REPLAYED_HEADER } from '../http/idempotency-key.js';
import { PageQuery, pageRequest } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_IDEMPOTENCY, WITH_IF_MATCH, WITH_KEY } from '../openapi/operation.js';
import { StatedReason } from '../rotations/rotation-schemas.js';
import { previewOf, replyOf } from './schedule-reply.js';
import {
  NewSchedule,
  PreviewedSchedule,
  Schedule,
  ScheduleChange,
  SchedulePage,
} from './schedule-schemas.js';
import { changeOf, settingsOf } from './schedule-settings.js';
import { SCHEDULE_ETAG, scheduleTag } from './schedule-tag.js';

type Reply = z.output<typeof Schedule>;

@ApiTags('schedules')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/schedules')
export class SchedulesController {
  constructor(
    @Inject(FleetRecords) private readonly fleets: FleetRecords,
    @Inject(ScheduleRecords) private readonly records: ScheduleRecords,
    @Inject(ScheduleEngine) private readonly engine: ScheduleEngine,
    @Inject(Wakeups) private readonly wakeups: Wakeups,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post()
  @MayOperate('issuing-ca')
  @HonoursIdempotencyKey()
  @Operation({
    summary: 'Rotate, or look for drift, by itself',
    reply: {
      status: 201,
      description: 'Recorded, and ticking when enabled.',
      schema: Schedule,
      headers: { Location: 'Path of the schedule.', ...SCHEDULE_ETAG, ...REPLAYED_HEADER },
    },
    problems: [...WITH_KEY, ...WITH_BODY, ...WITH_IDEMPOTENCY, 'fleet.not-found'],
  })
  async addSchedule(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: NewSchedule }) body: z.output<typeof NewSchedule>,
    @IdempotentId() id: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Reply> {
    const fleet = await this.fleets.getFleet(fleetId);
    const settings = settingsOf(body, this.clock.now(), fleet);
    const schedule = await this.records.addSchedule(fleetId, settings, id);
    response.location(`/v1/fleets/${fleetId}/schedules/${schedule.id}`);
    response.set('ETag', scheduleTag(schedule));
    try {
      return await this.applied(schedule);
    } catch (error) {
      // Else a caller who tries again would leave two.
      await this.records.removeSchedule(fleetId, schedule.id);
      throw error;
    }
  }

  @Get()
  @MayRead('fleet')
  @Operation({
    summary: 'List the schedules of a fleet',
    reply: {
      status: 200,
      description: 'Oldest first, each with what its last tick found.',
      schema: SchedulePage,
    },
    problems: [...WITH_KEY, 'fleet.not-found', 'page.bad-cursor'],
  })
  async listSchedules(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Query({ schema: PageQuery }) query: z.output<typeof PageQuery>,
  ): Promise<z.output<typeof SchedulePage>> {
    const page = await this.records.listSchedules(fleetId, pageRequest(query));
    return { ...page, items: page.items.map(replyOf) };
  }

  @Get(':scheduleId')
  @MayRead('fleet')
  @Operation({
    summary: 'Read a schedule, and what it will do when',
    description: 'Asks the CA how long it lives.',
    reply: { status: 200, description: 'With a preview.', schema: PreviewedSchedule, headers: SCHEDULE_ETAG },
    problems: [...WITH_KEY, 'schedule.not-found'],
  })
  async readSchedule(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('scheduleId', { schema: pathId }) scheduleId: string,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof PreviewedSchedule>> {
    const view = await this.records.getSchedule(fleetId, scheduleId);
    // The ETag is the same after a tick: a 304 would hide what the tick found.
    delete request.headers['if-none-match'];
    response.set('ETag', scheduleTag(view));
    const preview = await this.engine.preview(scheduleId);
    return previewOf(view, preview ?? { dueAt: null, nextWindow: null, explanation: 'Removed just now.' });
  }

  @Patch(':scheduleId')
  @MayOperate('issuing-ca')
  @TakesIfMatch()
  @Operation({
    summary: 'Change a schedule',
    description: 'Its next tick is worked out anew. One that is suspended stays so.',
    reply: { status: 200, description: 'As it is now.', schema: Schedule, headers: SCHEDULE_ETAG },
    problems: [...WITH_KEY, ...WITH_BODY, ...WITH_IF_MATCH, 'schedule.not-found'],
  })
  async changeSchedule(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('scheduleId', { schema: pathId }) scheduleId: string,
    @Body({ schema: ScheduleChange }) body: z.output<typeof ScheduleChange>,
    @Headers('If-Match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Reply> {
    const check = unchanged(ifMatch, scheduleTag);
    await this.records.getSchedule(fleetId, scheduleId);
    const fleet = await this.fleets.getFleet(fleetId);
    const change = (view: ScheduleView) => {
      check(view);
      return changeOf(body, view, this.clock.now(), fleet);
    };
    const changed = await this.records.changeSchedule(fleetId, scheduleId, change);
    response.set('ETag', scheduleTag(changed));
    return this.applied(changed);
  }

  @Post(':scheduleId\\:resume')
  @MayOperate('issuing-ca')
  @HttpCode(200)
  @Operation({
    summary: 'Let a suspended schedule start rotations again',
    reply: { status: 200, description: 'As it is now, with who let it go on.', schema: Schedule },
    problems: [...WITH_KEY, ...WITH_BODY, 'schedule.not-found', 'schedule.not-suspended'],
  })
  async resumeSchedule(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('scheduleId', { schema: pathId }) scheduleId: string,
    @Body({ schema: StatedReason }) { reason }: z.output<typeof StatedReason>,
    @Req() request: ApiRequest,
  ): Promise<Reply> {
    const resumed = { by: actorOf(request), because: reason, at: new Date(this.clock.now()) };
    return replyOf(await this.records.resumeSchedule(fleetId, scheduleId, resumed));
  }

  @Delete(':scheduleId')
  @MayOperate('fleet')
  @TakesIfMatch()
  @HttpCode(204)
  @Operation({
    summary: 'Remove a schedule',
    reply: { status: 204, description: 'Removed; it does not tick again.' },
    problems: [...WITH_KEY, ...WITH_IF_MATCH, 'schedule.not-found'],
  })
  async removeSchedule(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('scheduleId', { schema: pathId }) scheduleId: string,
    @Headers('If-Match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.records.removeSchedule(fleetId, scheduleId, unchanged(ifMatch, scheduleTag));
    await this.wakeups.removeSchedule(scheduleId);
  }

  /** Ticking as it is recorded. */
  private async applied({ fleetId, id }: ScheduleView): Promise<Reply> {
    await this.engine.apply(id);
    return replyOf(await this.records.getSchedule(fleetId, id));
  }
}
