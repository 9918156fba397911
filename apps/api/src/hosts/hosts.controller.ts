import {
  Body,
  Controller,
  Delete,
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
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { HostEnrolled, HostRecords, type HostView } from '#persistence';
import type { ProbeReach } from '#probe';
import { MayOperate, MayRead } from '../access/access-rule.js';
import type { Caller } from '../access/caller.js';
import { type ApiRequest, callerOf } from '../http/api-request.js';
import { TakesIfMatch, tagOf, unchanged } from '../http/entity-tags.js';
import { HonoursIdempotencyKey, REPLAYED_HEADER } from '../http/idempotency-key.js';
import { pageRequest } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_IDEMPOTENCY, WITH_IF_MATCH, WITH_KEY } from '../openapi/operation.js';
import { AllowedPaths } from './allowed-paths.js';
import { takeHosts } from './given-hosts.js';
import { Host, HostPage, HostQuery, OneOrMoreEnrolled, OneOrMoreHosts } from './host-schemas.js';
import { PROBE_REACH } from './probe-reach.js';
import { refuseOutOfReach } from './refuse-out-of-reach.js';

@ApiTags('hosts')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/hosts')
export class HostsController {
  constructor(
    @Inject(HostRecords) private readonly hosts: HostRecords,
    @Inject(PROBE_REACH) private readonly reach: ProbeReach,
    @Inject(AllowedPaths) private readonly paths: AllowedPaths,
  ) {}

  @Post()
  @MayOperate('fleet')
  @HonoursIdempotencyKey()
  @Operation({
    summary: 'Enrol one host, or up to 1000 at once',
    description: 'One object, or `{"hosts": [...]}`, of which all are enrolled or none.',
    reply: {
      status: 201,
      description: 'The host, or `{"hosts": [...]}`, as it was asked.',
      schema: OneOrMoreEnrolled,
      headers: { Location: 'Path of the host, or of the list.', ...REPLAYED_HEADER },
    },
    problems: [
      ...WITH_KEY,
      ...WITH_BODY,
      ...WITH_IDEMPOTENCY,
      'fleet.not-found',
      'host.name-taken',
      'host.already-enrolled',
      'path.not-allowed',
      'probe.not-allowed',
    ],
  })
  async enrolHosts(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: OneOrMoreHosts }) body: z.output<typeof OneOrMoreHosts>,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof OneOrMoreEnrolled>> {
    const several = 'hosts' in body;
    const pointerOf = (index: number) => (several ? `#/hosts/${index}` : '#');
    const [given, shared] = several ? [body.hosts, body.knownHosts] : [[body], undefined];
    const hosts = await takeHosts(given, shared, pointerOf);
    this.paths.refuseUnmanageable(
      hosts.flatMap(({ managedPaths }, index) =>
        managedPaths.map((path, at) => ({ path, pointer: `${pointerOf(index)}/managedPaths/${at}` })),
      ),
    );
    await refuseOutOfReach(this.reach, hosts, pointerOf);
    const enrolled = await this.hosts.addHosts(fleetId, hosts).catch((error: unknown) => {
      throw asToldTo(callerOf(request), error);
    });
    const list = `/v1/fleets/${fleetId}/hosts`;
    response.location(several ? list : `${list}/${enrolled[0]?.id ?? ''}`);
    return OneOrMoreEnrolled.parse(several ? { hosts: enrolled } : enrolled[0]);
  }

  @Get()
  @MayRead('fleet')
  @Operation({
    summary: 'List the hosts of a fleet',
    reply: { status: 200, description: 'Oldest first.', schema: HostPage },
    problems: [...WITH_KEY, 'fleet.not-found', 'page.bad-cursor'],
  })
  async listHosts(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Query({ schema: HostQuery }) query: z.output<typeof HostQuery>,
  ): Promise<z.output<typeof HostPage>> {
    return HostPage.parse(await this.hosts.listHosts(fleetId, pageRequest(query), query.name));
  }

  @Get(':hostId')
  @MayRead('fleet')
  @Operation({
    summary: 'Read a host',
    reply: { status: 200, description: 'The host.', schema: Host },
    problems: [...WITH_KEY, 'host.not-found'],
  })
  async readHost(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('hostId', { schema: pathId }) hostId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof Host>> {
    const host = await this.hosts.getHost(fleetId, hostId);
    response.set('ETag', hostTag(host));
    return Host.parse(host);
  }

  @Delete(':hostId')
  @MayOperate('fleet')
  @HttpCode(204)
  @TakesIfMatch()
  @Operation({
    summary: 'Remove a host',
    description: 'Its files stay as they are. Refused while a rotation works on it.',
    reply: { status: 204, description: 'Removed.' },
    problems: [...WITH_KEY, ...WITH_IF_MATCH, 'host.not-found', 'host.in-rotation'],
  })
  async removeHost(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('hostId', { schema: pathId }) hostId: string,
    @Headers('If-Match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.hosts.removeHost(fleetId, hostId, unchanged(ifMatch, hostTag));
  }
}

/** What people decide on, without what was seen of it. */
function hostTag(view: HostView): string {
  const { observed, ...decided } = Host.parse(view);
  return tagOf(decided, { ...decided, observed });
}

/** Of a host in a fleet that is out of scope, a caller learns no name. */
function asToldTo({ fleets }: Caller, error: unknown): unknown {
  if (!(error instanceof HostEnrolled) || fleets === null || fleets.includes(error.fleetId)) return error;
  return error.withoutHolder();
}
