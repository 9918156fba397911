import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { Clock } from '#engine';
import { FleetRecords } from '#persistence';
import { MayOperate, MayRead } from '../access/access-rule.js';
import { AllowedPaths } from '../hosts/allowed-paths.js';
import { type ApiRequest, callerOf } from '../http/api-request.js';
import { HonoursIdempotencyKey, REPLAYED_HEADER } from '../http/idempotency-key.js';
import { PageQuery, pageRequest } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_IDEMPOTENCY, WITH_KEY } from '../openapi/operation.js';
import { fleetReply, fleetShown, sendFleet } from './fleet-reply.js';
import { CreatedFleet, Fleet, FleetPage, GenerationPage, NewFleet } from './fleet-schemas.js';
import { takeBundle } from './given-bundle.js';
import { GivenIssuingCas, NEW_CA_PROBLEMS } from './given-issuing-ca.js';

@ApiTags('fleets')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets')
export class FleetsController {
  constructor(
    @Inject(FleetRecords) private readonly fleets: FleetRecords,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(GivenIssuingCas) private readonly issuingCas: GivenIssuingCas,
    @Inject(AllowedPaths) private readonly paths: AllowedPaths,
  ) {}

  @Post()
  @MayOperate('installation')
  @HonoursIdempotencyKey()
  @Operation({
    summary: 'Record a fleet',
    description:
      'With the bundle that its hosts serve today, which is judged as nginx would, and its issuing CA.',
    reply: {
      status: 201,
      description: 'Recorded; with what should be known about the bundle.',
      schema: CreatedFleet,
      headers: { Location: 'Path of the fleet.', ...REPLAYED_HEADER },
    },
    problems: [
      ...WITH_KEY,
      ...WITH_BODY,
      ...WITH_IDEMPOTENCY,
      'fleet.name-taken',
      'path.not-allowed',
      'bundle.unusable',
      ...NEW_CA_PROBLEMS,
    ],
  })
  async createFleet(
    @Body({ schema: NewFleet }) body: z.output<typeof NewFleet>,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof CreatedFleet>> {
    const { bundlePem, issuingCa, ...fleet } = body;
    if (fleet.clientLog !== null) this.paths.refuseUnreadable(fleet.clientLog, '#/clientLog');
    const { warnings, ...generation } = takeBundle(bundlePem, this.clock.now(), fleet.revocation);
    await this.fleets.refuseTakenName(fleet.name);
    const ca = await this.issuingCas.take(issuingCa, bundlePem);
    const created = await this.fleets.createFleet({ ...fleet, generation, issuingCa: ca });
    response.location(`/v1/fleets/${created.id}`);
    const shown = fleetShown(created, callerOf(request), this.clock.now());
    return CreatedFleet.parse({ ...shown, warnings });
  }

  @Get()
  @MayRead('own-fleets')
  @Operation({
    summary: 'List the fleets',
    reply: { status: 200, description: 'Oldest first.', schema: FleetPage },
    problems: [...WITH_KEY, 'page.bad-cursor'],
  })
  async listFleets(
    @Query({ schema: PageQuery }) query: z.output<typeof PageQuery>,
    @Req() request: ApiRequest,
  ): Promise<z.output<typeof FleetPage>> {
    const reader = callerOf(request);
    const now = this.clock.now();
    const page = await this.fleets.listFleets(pageRequest(query), reader.fleets);
    return FleetPage.parse({ ...page, items: page.items.map((view) => fleetShown(view, reader, now)) });
  }

  @Get(':fleetId')
  @MayRead('fleet')
  @Operation({
    summary: 'Read a fleet',
    reply: { status: 200, description: 'The fleet.', schema: Fleet },
    problems: [...WITH_KEY, 'fleet.not-found'],
  })
  async readFleet(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof Fleet>> {
    const view = await this.fleets.getFleet(fleetId);
    return sendFleet(fleetReply(view, callerOf(request), this.clock.now()), response);
  }

  @Get(':fleetId/generations')
  @MayRead('fleet')
  @Operation({
    summary: 'List every bundle that the fleet ever had',
    reply: { status: 200, description: 'Newest first.', schema: GenerationPage },
    problems: [...WITH_KEY, 'fleet.not-found', 'page.bad-cursor'],
  })
  async listGenerations(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Query({ schema: PageQuery }) query: z.output<typeof PageQuery>,
  ): Promise<z.output<typeof GenerationPage>> {
    return GenerationPage.parse(await this.fleets.generationHistory(fleetId, pageRequest(query)));
  }
}
