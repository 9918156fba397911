import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ScheduleRecords } from '#persistence';
import { MayRead } from '../access/access-rule.js';
import { type ApiRequest, callerOf } from '../http/api-request.js';
import { PageQuery, pageRequest } from '../http/page.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';
import { namedReplyOf } from './schedule-reply.js';
import { NamedSchedulePage } from './schedule-schemas.js';

@ApiTags('schedules')
@ApiBearerAuth(API_KEY)
@Controller('v1/schedules')
export class AllSchedulesController {
  constructor(@Inject(ScheduleRecords) private readonly records: ScheduleRecords) {}

  @Get()
  @MayRead('own-fleets')
  @Operation({
    summary: 'List the schedules of all fleets',
    reply: {
      status: 200,
      description: 'Oldest first, each with what its last tick found.',
      schema: NamedSchedulePage,
    },
    problems: [...WITH_KEY, 'page.bad-cursor'],
  })
  async listAllSchedules(
    @Query({ schema: PageQuery }) query: z.output<typeof PageQuery>,
    @Req() request: ApiRequest,
  ): Promise<z.output<typeof NamedSchedulePage>> {
    const page = await this.records.listAllSchedules(pageRequest(query), callerOf(request).fleets);
    return { ...page, items: page.items.map(namedReplyOf) };
  }
}
