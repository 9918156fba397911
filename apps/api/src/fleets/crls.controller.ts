import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CrlsOfFleet, type CrlView } from '#engine';
import { FleetRecords } from '#persistence';
import { MayOperate, MayRead } from '../access/access-rule.js';
import { listOf } from '../http/page.js';
import { pathId, storableText, timestamp } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import { MOST_BUNDLE_CHARACTERS } from './fleet-schemas.js';

const HandedInCrls = z
  .strictObject({
    crlsPem: storableText(MOST_BUNDLE_CHARACTERS).meta({
      description: 'PEM, one block for each CRL; those of CAs that Windlass asks by itself may be left out.',
      examples: ['-----BEGIN X509 CRL-----\nMIIB...\n-----END X509 CRL-----\n'],
    }),
  })
  .meta({ id: 'HandedInCrls' });

const Crl = z
  .object({
    thisUpdate: timestamp,
    nextUpdate: timestamp.nullable().meta({ description: 'From then on its clients are refused.' }),
    revoked: z.int().meta({ description: 'How many certificates it revokes.' }),
  })
  .nullable();

const FleetCrls = listOf(
  z.object({
    anchor: z.string().meta({ description: 'Subject key identifier of the anchor, in hex.' }),
    subject: z.string(),
    served: Crl.meta({ description: 'In the generation last decided.' }),
    handedIn: Crl.meta({ description: 'By a person; the newer of this and the one of the CA is taken.' }),
  }),
).meta({ id: 'FleetCrls', description: 'Every anchor of a fleet, and its CRL.' });

const PROBLEMS = [...WITH_KEY, 'fleet.not-found', 'fleet.no-revocation'] as const;

@ApiTags('fleets')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/crls')
export class CrlsController {
  constructor(
    @Inject(CrlsOfFleet) private readonly crls: CrlsOfFleet,
    @Inject(FleetRecords) private readonly records: FleetRecords,
  ) {}

  @Put()
  @MayOperate('fleet')
  @Operation({
    summary: 'Hand in CRLs of CAs that Windlass does not ask',
    description:
      'In the place of those that were handed in before. Hosts get them with the next rotation: start one with the strategy `refresh`.',
    reply: { status: 200, description: 'Recorded.', schema: FleetCrls },
    problems: [...PROBLEMS, ...WITH_BODY, 'crl.unusable'],
  })
  async handInCrls(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: HandedInCrls }) { crlsPem }: z.output<typeof HandedInCrls>,
  ): Promise<z.output<typeof FleetCrls>> {
    await this.records.handInCrls(fleetId, await this.crls.take(fleetId, crlsPem));
    return this.listCrls(fleetId);
  }

  @Get()
  @MayRead('fleet')
  @Operation({
    summary: 'List the CRLs of a fleet',
    reply: { status: 200, description: 'One for each anchor.', schema: FleetCrls },
    problems: PROBLEMS,
  })
  async listCrls(@Param('fleetId', { schema: pathId }) fleetId: string): Promise<z.output<typeof FleetCrls>> {
    const items = await this.crls.list(fleetId);
    return FleetCrls.parse({
      items: items.map((one) => ({ ...one, served: shown(one.served), handedIn: shown(one.handedIn) })),
    });
  }
}

function shown(crl: CrlView | null) {
  if (crl === null) return null;
  const { thisUpdate, nextUpdate, revoked } = crl;
  return {
    ...{ thisUpdate: new Date(thisUpdate), revoked },
    nextUpdate: nextUpdate === null ? null : new Date(nextUpdate),
  };
}
