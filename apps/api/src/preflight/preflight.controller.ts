import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ChainVerifier, Clock, outcomeInWords, preflight } from '#engine';
import { parseBundle } from '#trust';
import { MayOperate } from '../access/access-rule.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import { NewPreflight, Preflight } from './preflight-schemas.js';

@ApiTags('preflight')
@ApiBearerAuth(API_KEY)
@Controller('v1/preflight')
export class PreflightController {
  constructor(
    @Inject(ChainVerifier) private readonly verifier: ChainVerifier,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post()
  @MayOperate('nothing')
  @HttpCode(200)
  @Operation({
    summary: 'Ask what nginx would do',
    description: 'With a bundle and clients, before anything is changed. Nothing is kept.',
    reply: { status: 200, description: 'The verdicts, and what would mend them.', schema: Preflight },
    problems: [...WITH_KEY, ...WITH_BODY, 'verifier.unavailable'],
  })
  async ask(
    @Body({ schema: NewPreflight }) body: z.output<typeof NewPreflight>,
  ): Promise<z.output<typeof Preflight>> {
    const { bundlePem, beforePem, clients, knownPem, ...setting } = body;
    const { outcomes, ...report } = await preflight(this.verifier, {
      ...{ bundlePem, beforePem, clients, now: this.clock.now() },
      settings: [{ ...setting, where: '' }],
      known: { certificates: parseBundle(knownPem).certificates, crls: [] },
    });
    return Preflight.parse({ ...report, items: outcomes.map(outcomeInWords) });
  }
}
