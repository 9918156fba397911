import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Journal } from '#engine';
import { RotationRecords } from '#persistence';
import { postmortem } from '#rotation';
import { MayRead } from '../access/access-rule.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';
import { redactSections } from './redact-sections.js';

@ApiTags('rotations')
@ApiBearerAuth(API_KEY)
@Controller('v1/rotations/:rotationId/postmortem')
export class PostmortemController {
  constructor(
    @Inject(Journal) private readonly journal: Journal,
    @Inject(RotationRecords) private readonly rotations: RotationRecords,
  ) {}

  @Get()
  @MayRead('rotation')
  @Operation({
    summary: 'What became of a rotation, as a document for people',
    description:
      'Markdown, made of the journal alone: what it was for and how it went, what failed first and where, what to do next, the change of trust, the hosts that something happened to, what was rolled back and how long it took, the timeline. Also of a rotation that still runs.',
    reply: {
      status: 200,
      description: 'As the journal tells it by now.',
      mediaType: 'text/markdown',
      schema: z.string(),
    },
    problems: [...WITH_KEY, 'rotation.not-found', 'rotation.unreadable'],
  })
  async readPostmortem(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const { id } = await this.rotations.getRotation(rotationId);
    const text = postmortem(await this.journal.read(id)) ?? '';
    response.type('text/markdown');
    return redactSections(text);
  }
}
