import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { FleetPreflight as AskFleet, outcomeInWords } from '#engine';
import { MayOperate } from '../access/access-rule.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import { FleetPreflight, NewFleetPreflight } from './preflight-schemas.js';

@ApiTags('preflight')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/preflight')
export class FleetPreflightController {
  constructor(@Inject(AskFleet) private readonly fleet: AskFleet) {}

  @Post()
  @MayOperate('fleet')
  @HttpCode(200)
  @Operation({
    summary: 'Ask the hosts of a fleet what their nginx would do',
    description:
      'Connects to every host, tests its configuration with the bundle where nobody else sees it, and lets its own OpenSSL judge the samples of the fleet and the clients given. Nothing is changed.',
    reply: { status: 200, description: 'The verdicts, and each host.', schema: FleetPreflight },
    problems: [...WITH_KEY, ...WITH_BODY, 'fleet.not-found', 'fleet.no-hosts', 'verifier.unavailable'],
  })
  async preflightFleet(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: NewFleetPreflight }) body: z.output<typeof NewFleetPreflight>,
  ): Promise<z.output<typeof FleetPreflight>> {
    const { outcomes, ...report } = await this.fleet.ask({ ...body, fleetId });
    return FleetPreflight.parse({ ...report, items: outcomes.map(outcomeInWords) });
  }
}
