import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ClientsOfFleet } from '#engine';
import { MayRead } from '../access/access-rule.js';
import { listOf } from '../http/page.js';
import { pathId, timestamp } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';

const FleetClient = z.object({
  subject: z.string(),
  issuer: z.string().meta({ description: 'The CA in the bundle, or an intermediate of it.' }),
  serial: z.string(),
  requests: z.int(),
  lastSeen: timestamp,
  hosts: z.array(z.string()),
});

const FleetClients = listOf(FleetClient)
  .extend({
    hosts: z.array(
      z.object({
        host: z.string(),
        since: timestamp.nullable().meta({ description: 'Since when it tells of its clients.' }),
        unknown: z.string().nullable().meta({ description: 'Why it does not tell of all of them.' }),
      }),
    ),
  })
  .meta({ id: 'FleetClients', description: 'Client certificates that the hosts accepted, by their logs.' });

@ApiTags('fleets')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/clients')
export class ClientsController {
  constructor(@Inject(ClientsOfFleet) private readonly fleet: ClientsOfFleet) {}

  @Get()
  @MayRead('fleet')
  @Operation({
    summary: 'Who comes to a fleet with which certificate',
    description:
      'Reads the end of the clientLog of every host now. The certificates of our own probes are left out.',
    reply: { status: 200, description: 'The last seen first.', schema: FleetClients },
    problems: [...WITH_KEY, 'fleet.not-found', 'fleet.no-hosts', 'fleet.no-client-log'],
  })
  async listClients(
    @Param('fleetId', { schema: pathId }) fleetId: string,
  ): Promise<z.output<typeof FleetClients>> {
    const { clients, hosts } = await this.fleet.ask(fleetId);
    return FleetClients.parse({
      items: clients.map((one) => ({ ...one, lastSeen: new Date(one.lastSeen) })),
      hosts: hosts.map((one) => ({ ...one, since: one.since === null ? null : new Date(one.since) })),
    });
  }
}
