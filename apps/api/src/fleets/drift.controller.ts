import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DriftOfFleet } from '#engine';
import { MayRead } from '../access/access-rule.js';
import { hostState, lookedAt } from '../hosts/observed-schema.js';
import { listOf } from '../http/page.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';

const HostDrift = z.object({ hostId: z.string(), host: z.string(), state: hostState, ...lookedAt });

const FleetDrift = listOf(HostDrift)
  .extend({
    inSync: z.boolean().meta({ description: 'Every host was asked, and is as the fleet is recorded.' }),
    generation: z.object({ id: z.string(), number: z.int(), digest: z.string() }),
  })
  .meta({ id: 'FleetDrift', description: 'Every host against what the fleet is recorded to serve.' });

@ApiTags('fleets')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/drift')
export class DriftController {
  constructor(@Inject(DriftOfFleet) private readonly fleet: DriftOfFleet) {}

  @Get()
  @MayRead('fleet')
  @Operation({
    summary: 'Which hosts are not as the fleet is recorded',
    description:
      'Compares the managed files of every host, and what its listeners serve, with the generation last decided. In mid-rotation hosts differ by design: read the rotation then. What is seen is kept, and told of each host and fleet until the next look.',
    reply: { status: 200, description: 'Every host.', schema: FleetDrift },
    problems: [...WITH_KEY, 'fleet.not-found', 'fleet.no-hosts'],
  })
  async readDrift(
    @Param('fleetId', { schema: pathId }) fleetId: string,
  ): Promise<z.output<typeof FleetDrift>> {
    const { generation, hosts } = await this.fleet.ask(fleetId);
    return FleetDrift.parse({
      ...{ generation, items: hosts, inSync: hosts.every(({ state }) => state === 'in-sync') },
    });
  }
}
