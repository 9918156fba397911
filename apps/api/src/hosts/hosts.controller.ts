import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { HostRecords } from '#persistence';
import type { ProbeReach } from '#probe';
import { PageQuery, pageRequest } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import { AllowedPaths } from './allowed-paths.js';
import { Host, HostPage, OneOrMoreEnrolled, OneOrMoreHosts } from './host-schemas.js';
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
  @Operation({
    summary: 'Enrol one host, or up to 1000 at once',
    description: 'One object, or `{"hosts": [...]}`, of which all are enrolled or none.',
    reply: {
      status: 201,
      description: 'The host, or `{"hosts": [...]}`, as it was asked.',
      schema: OneOrMoreEnrolled,
      headers: { Location: 'Path of the host, or of the list.' },
    },
    problems: [
      ...WITH_KEY,
      ...WITH_BODY,
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
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof OneOrMoreEnrolled>> {
    const several = 'hosts' in body;
    const hosts = several ? body.hosts : [body];
    const pointerOf = (index: number) => (several ? `#/hosts/${index}` : '#');
    this.paths.refuseUnmanageable(
      hosts.flatMap(({ managedPaths }, index) =>
        managedPaths.map((path, at) => ({ path, pointer: `${pointerOf(index)}/managedPaths/${at}` })),
      ),
    );
    await refuseOutOfReach(this.reach, hosts, pointerOf);
    const enrolled = await this.hosts.addHosts(fleetId, hosts);
    const list = `/v1/fleets/${fleetId}/hosts`;
    response.location(several ? list : `${list}/${enrolled[0]?.id ?? ''}`);
    return OneOrMoreEnrolled.parse(several ? { hosts: enrolled } : enrolled[0]);
  }

  @Get()
  @Operation({
    summary: 'List the hosts of a fleet',
    reply: { status: 200, description: 'Oldest first.', schema: HostPage },
    problems: [...WITH_KEY, 'fleet.not-found', 'page.bad-cursor'],
  })
  async listHosts(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Query({ schema: PageQuery }) query: z.output<typeof PageQuery>,
  ): Promise<z.output<typeof HostPage>> {
    return HostPage.parse(await this.hosts.listHosts(fleetId, pageRequest(query)));
  }

  @Get(':hostId')
  @Operation({
    summary: 'Read a host',
    reply: { status: 200, description: 'The host.', schema: Host },
    problems: [...WITH_KEY, 'host.not-found'],
  })
  async readHost(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('hostId', { schema: pathId }) hostId: string,
  ): Promise<z.output<typeof Host>> {
    return Host.parse(await this.hosts.getHost(fleetId, hostId));
  }

  @Delete(':hostId')
  @HttpCode(204)
  @Operation({
    summary: 'Remove a host',
    description: 'Its files stay as they are. Refused while a rotation works on it.',
    reply: { status: 204, description: 'Removed.' },
    problems: [...WITH_KEY, 'host.not-found', 'host.in-rotation'],
  })
  async removeHost(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Param('hostId', { schema: pathId }) hostId: string,
  ): Promise<void> {
    await this.hosts.removeHost(fleetId, hostId);
  }
}
