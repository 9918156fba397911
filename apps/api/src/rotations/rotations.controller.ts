import {
  type BeforeApplicationShutdown,
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { Clock, Journal, RotationCommands, RotationPlans } from '#engine';
import { RotationRecords } from '#persistence';
import { MayOperate, MayRead } from '../access/access-rule.js';
import { FleetScope } from '../access/fleet-scope.js';
import { type ApiRequest, actorOf, callerOf } from '../http/api-request.js';
import { anyTagsIn } from '../http/entity-tags.js';
import { HonoursIdempotencyKey, IdempotentId, REPLAYED_HEADER } from '../http/idempotency-key.js';
import { pageRequest } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { jsonSchemaOf } from '../openapi/json-schema.js';
import { Operation, WITH_BODY, WITH_IDEMPOTENCY, WITH_KEY } from '../openapi/operation.js';
import { LongPoll } from './long-poll.js';
import { RotationPlan, StartQuery } from './plan-schemas.js';
import { ETAG } from './rotation-operation.js';
import { sendRotation, shownRotation } from './rotation-reply.js';
import { NewRotation, ReadQuery, Rotation, RotationPage, RotationQuery } from './rotation-schemas.js';

type Reply = z.output<typeof Rotation>;

@ApiTags('rotations')
@ApiBearerAuth(API_KEY)
@Controller('v1/rotations')
export class RotationsController implements BeforeApplicationShutdown {
  private readonly waiting = new Set<LongPoll>();
  private stopping = false;

  constructor(
    @Inject(RotationCommands) private readonly commands: RotationCommands,
    @Inject(RotationPlans) private readonly plans: RotationPlans,
    @Inject(Journal) private readonly journal: Journal,
    @Inject(RotationRecords) private readonly rotations: RotationRecords,
    @Inject(FleetScope) private readonly scope: FleetScope,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post()
  @MayOperate('own-fleets')
  @HonoursIdempotencyKey()
  @HttpCode(202)
  @Operation({
    summary: 'Change what a fleet trusts',
    description:
      'Recorded at once, and carried out by a worker. Follow it at its events. With `dryRun=true` nothing is recorded and nobody but the CA is asked, and what would be refused is refused.',
    reply: {
      status: 202,
      description: 'Recorded.',
      schema: Rotation,
      headers: { Location: 'Path of the rotation.', ...ETAG, ...REPLAYED_HEADER },
    },
    problems: [
      ...WITH_KEY,
      ...WITH_BODY,
      ...WITH_IDEMPOTENCY,
      ...(['fleet.not-found', 'fleet.no-hosts', 'host.no-probe-targets', 'rotation.conflict'] as const),
      ...(['ca.shared', 'ca.not-shared', 'rotation.one-fleet-only'] as const),
      ...([
        'replace.no-bundle',
        'replace.bad-bundle',
        'replace.nothing-changes',
        'refresh.no-revocation',
        'anchor.distrusted',
      ] as const),
      ...(['distrust.no-anchors', 'distrust.unknown-anchor', 'distrust.still-trusted'] as const),
      ...(['distrust.nothing-left', 'queue.unreachable'] as const),
    ],
  })
  @ApiResponse({
    status: 200,
    description: 'With `dryRun=true`: what it would do.',
    content: { 'application/json': { schema: jsonSchemaOf(RotationPlan, 'output').schema } },
  } as Parameters<typeof ApiResponse>[0])
  async startRotation(
    @Query({ schema: StartQuery }) { dryRun }: z.output<typeof StartQuery>,
    @Body({ schema: NewRotation }) body: z.output<typeof NewRotation>,
    @IdempotentId() rotationId: string | undefined,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Reply | z.output<typeof RotationPlan>> {
    await this.scope.refuseStart(callerOf(request), body);
    if (dryRun === 'true') {
      response.status(200);
      return RotationPlan.parse(await this.plans.plan({ ...body, requestedBy: actorOf(request) }));
    }
    const id = await this.commands.start({ ...body, rotationId, requestedBy: actorOf(request) });
    response.location(`/v1/rotations/${id}`);
    return shownRotation(await this.commands.read(id), response);
  }

  @Get()
  @MayRead('own-fleets')
  @Operation({
    summary: 'List rotations',
    reply: { status: 200, description: 'Newest first.', schema: RotationPage },
    problems: [...WITH_KEY, 'page.bad-cursor'],
  })
  async listRotations(
    @Query({ schema: RotationQuery }) query: z.output<typeof RotationQuery>,
    @Req() request: ApiRequest,
  ): Promise<z.output<typeof RotationPage>> {
    const { fleetId, status, strategy } = query;
    const filter = {
      ...(fleetId ? { fleetId } : {}),
      statuses: status === undefined ? [] : [status].flat(),
      strategies: strategy === undefined ? [] : [strategy].flat(),
      within: callerOf(request).fleets,
    };
    return RotationPage.parse(await this.rotations.listRotations(filter, pageRequest(query)));
  }

  @Get(':rotationId')
  @MayRead('rotation')
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description:
      'The ETag that is known already: while it is still the one, the reply is 304 and has no body.',
    schema: { type: 'string' },
  })
  @ApiResponse({ status: 304, description: 'Its revision is still the one that If-None-Match has.' })
  @Operation({
    summary: 'Read the whole truth about a rotation',
    description:
      'With `wait` and If-None-Match it answers once the revision is another one, once the rotation has ended, or ' +
      'when the wait or the key or token is over.',
    reply: { status: 200, description: 'As its journal tells it.', schema: Rotation, headers: ETAG },
    problems: [...WITH_KEY, 'rotation.not-found', 'rotation.unreadable'],
  })
  async readRotation(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Query({ schema: ReadQuery }) { wait, hosts }: z.output<typeof ReadQuery>,
    @Headers('If-None-Match') known: string | undefined,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const read = () => this.commands.read(rotationId);
    if (wait === undefined || known === undefined) return sendRotation(await read(), response, hosts);
    await read();
    const poll = new LongPoll(this.journal, rotationId, read);
    this.waiting.add(poll);
    // On a connection of before, whose client asks again.
    if (this.stopping) poll.end();
    const left = (callerOf(request).until ?? Infinity) - this.clock.now();
    const most = Math.min(Number.parseInt(wait, 10) * 1_000, left);
    const run = poll.run(anyTagsIn(known), most, response);
    return sendRotation(await run.finally(() => this.waiting.delete(poll)), response, hosts);
  }

  /** Before the server stops: it waits for every request that is open. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const poll of this.waiting) poll.end();
  }
}
