import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { SampleRecords } from '#persistence';
import { MayOperate, MayRead } from '../access/access-rule.js';
import { HonoursIdempotencyKey, REPLAYED_HEADER } from '../http/idempotency-key.js';
import { PageQuery, pageRequest } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_IDEMPOTENCY, WITH_KEY } from '../openapi/operation.js';
import { NewSample, Sample, SamplePage } from './sample-schemas.js';

@ApiTags('sample clients')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/samples')
export class SamplesController {
  constructor(@Inject(SampleRecords) private readonly samples: SampleRecords) {}

  @Post()
  @MayOperate('fleet')
  @HonoursIdempotencyKey()
  @Operation({
    summary: 'Record a sample client',
    description: 'Every rotation checks first that it gets the verdict it must get.',
    reply: {
      status: 201,
      description: 'Recorded. The key is never shown again.',
      schema: Sample,
      headers: { Location: 'Path of the list.', ...REPLAYED_HEADER },
    },
    problems: [...WITH_KEY, ...WITH_BODY, ...WITH_IDEMPOTENCY, 'fleet.not-found', 'sample.name-taken'],
  })
  async addSample(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: NewSample }) body: z.output<typeof NewSample>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof Sample>> {
    const sample = await this.samples.addSample(fleetId, body);
    response.location(`/v1/fleets/${fleetId}/samples`);
    return Sample.parse(sample);
  }

  @Get()
  @MayRead('fleet')
  @Operation({
    summary: 'List the sample clients of a fleet',
    reply: { status: 200, description: 'Oldest first.', schema: SamplePage },
    problems: [...WITH_KEY, 'fleet.not-found', 'page.bad-cursor'],
  })
  async listSamples(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Query({ schema: PageQuery }) query: z.output<typeof PageQuery>,
  ): Promise<z.output<typeof SamplePage>> {
    return SamplePage.parse(await this.samples.listSamples(fleetId, pageRequest(query)));
  }

  @Delete(':sampleId')
  @MayOperate('fleet')
  @HttpCode(204)
  @Operation({
    summary: 'Remove a sample client',
    reply: { status: 204, description: 'Removed.' },
    problems: [...WITH_KEY, 'sample.not-found'],
  })
  async removeSample(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('sampleId', { schema: pathId }) sampleId: string,
  ): Promise<void> {
    await this.samples.removeSample(fleetId, sampleId);
  }
}
