import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { CaUploads } from '#engine';
import { MayOperate, MayRead } from '../access/access-rule.js';
import { HonoursIdempotencyKey, REPLAYED_HEADER } from '../http/idempotency-key.js';
import type { ProblemCode } from '../http/problem-kinds.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_IDEMPOTENCY, WITH_KEY } from '../openapi/operation.js';
import { NewUpload, shownUpload, UploadedCa, UploadedCas } from './uploaded-ca-schema.js';

/** What any CA that is brought may be refused for. */
export const UPLOAD_PROBLEMS = [
  ...(['ca.no-certificate', 'ca.not-a-ca', 'ca.expired', 'ca.unusable', 'ca.unusable-key'] as const),
  'crl.unusable',
  ...(['ca.probe-refused', 'verifier.unavailable'] as const),
] satisfies readonly ProblemCode[];

@ApiTags('fleets')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/uploaded-cas')
export class UploadedCasController {
  constructor(@Inject(CaUploads) private readonly uploads: CaUploads) {}

  @Post()
  @MayOperate('issuing-ca')
  @HonoursIdempotencyKey()
  @Operation({
    summary: 'Bring the next CA of a fleet whose CA is uploaded',
    description:
      'Its certificate and one client of it. The next rotation brings it to the hosts; another one that waited is replaced. For a CA that is known the client is renewed.',
    reply: {
      status: 201,
      description: 'Taken. The key of the client is never shown again.',
      schema: UploadedCa,
      headers: { Location: 'Path of the list.', ...REPLAYED_HEADER },
    },
    problems: [
      ...[...WITH_KEY, ...WITH_BODY, ...WITH_IDEMPOTENCY, ...UPLOAD_PROBLEMS],
      ...(['fleet.not-found', 'ca.not-uploaded', 'ca.already-trusted', 'ca.not-self-signed'] as const),
    ],
  })
  async uploadCa(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: NewUpload }) body: z.output<typeof NewUpload>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof UploadedCa>> {
    const uploaded = await this.uploads.upload(fleetId, body);
    response.location(`/v1/fleets/${fleetId}/uploaded-cas`);
    return shownUpload(uploaded);
  }

  @Get()
  @MayRead('fleet')
  @Operation({
    summary: 'List the CAs that were uploaded for a fleet',
    reply: { status: 200, description: 'Oldest first.', schema: UploadedCas },
    problems: [...WITH_KEY, 'fleet.not-found', 'ca.not-uploaded'],
  })
  async listUploadedCas(
    @Param('fleetId', { schema: pathId }) fleetId: string,
  ): Promise<z.output<typeof UploadedCas>> {
    return UploadedCas.parse({ items: (await this.uploads.list(fleetId)).map(shownUpload) });
  }
}
