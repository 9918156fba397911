import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { MayAnybody } from '../access/access-rule.js';
import { RequestFault } from '../http/request-fault.js';
import { Operation } from '../openapi/operation.js';

/** Milliseconds that the database has to answer. */
const PATIENCE_MS = 3_000;

const Live = z.object({ status: z.literal('live') });
const Ready = z.object({ status: z.literal('ready') });

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(@Inject(getDataSourceToken()) private readonly dataSource: DataSource) {}

  @Get('livez')
  @MayAnybody()
  @Operation({
    summary: 'Does the process run?',
    reply: { status: 200, description: 'It does.', schema: Live },
  })
  readLiveness(): z.infer<typeof Live> {
    return { status: 'live' };
  }

  @Get('readyz')
  @MayAnybody()
  @Operation({
    summary: 'Can it serve?',
    reply: { status: 200, description: 'The database answers.', schema: Ready },
    problems: ['database.unreachable'],
  })
  async readReadiness(): Promise<z.infer<typeof Ready>> {
    if (await this.databaseAnswers()) return { status: 'ready' };
    const detail = `The database did not answer within ${PATIENCE_MS / 1000} s.`;
    throw new RequestFault('database.unreachable', detail, 'Check that PostgreSQL runs and is reachable.', {
      headers: { 'Retry-After': '5' },
    });
  }

  private async databaseAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), PATIENCE_MS);
    });
    const answer = this.dataSource.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }
}
