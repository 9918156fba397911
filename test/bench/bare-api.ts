import 'reflect-metadata';
import { Body, Controller, Get, type INestApplication, Inject, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Installation } from '#installation';
import type { NewSample } from '#persistence';

const INSTALLATION = Symbol('installation');
const FIRST_PAGE = { cursor: null, limit: 50 };

/** The calls that the API's handlers make to the database, under the same paths, and nothing beside them. */
@Controller('v1')
class BareController {
  constructor(@Inject(INSTALLATION) private readonly installation: Installation) {}

  @Get('fleets')
  listFleets() {
    return this.installation.records.fleets.listFleets(FIRST_PAGE);
  }

  @Get('fleets/:fleetId')
  readFleet(@Param('fleetId') fleetId: string) {
    return this.installation.records.fleets.getFleet(fleetId);
  }

  @Get('rotations/:rotationId')
  readRotation(@Param('rotationId') rotationId: string) {
    return this.installation.parts.journal.read(rotationId);
  }

  @Post('fleets/:fleetId/samples')
  addSample(@Param('fleetId') fleetId: string, @Body() { name, certificatePem, expect }: NewSample) {
    const sample = { name, certificatePem, expect, chainPem: '', privateKey: null };
    return this.installation.records.samples.addSample(fleetId, sample);
  }
}

/**
 * A Nest application as it comes, over the same installation: it asks nobody who he is, and has no access rules,
 * schemas, throttling, audit, redaction, entity tags or log.
 */
export async function createBareApi(installation: Installation): Promise<INestApplication> {
  @Module({
    controllers: [BareController],
    providers: [{ provide: INSTALLATION, useValue: installation }],
  })
  class BareModule {}
  return NestFactory.create(BareModule, { logger: false, abortOnError: false });
}
