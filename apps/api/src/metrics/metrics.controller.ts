import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Metrics } from '#platform';
import { MayRead } from '../access/access-rule.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';

/** For Prometheus, which sends the key of a viewer as `authorization` with `credentials_file`. */
@ApiTags('metrics')
@ApiBearerAuth(API_KEY)
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @MayRead('installation')
  @Operation({
    summary: 'Metrics in the text format of Prometheus',
    description:
      'The figures of the whole installation, read from the database and good for five seconds, and what this process of the API did itself. Workers serve theirs apart.',
    reply: { status: 200, description: 'Text format 0.0.4.', mediaType: 'text/plain', schema: z.string() },
    problems: [...WITH_KEY, 'queue.unreachable'],
  })
  async readMetrics(@Res() response: Response): Promise<void> {
    const text = await this.metrics.text();
    response.type(this.metrics.contentType).send(text);
  }
}
