import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { exportLine } from '#audit-chain';
import { type AuditFilter, AuditRecords } from '#persistence';
import { MayApprove } from '../access/access-rule.js';
import { pageRequest } from '../http/page.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';
import { AuditFilterQuery, AuditHead, AuditPage, AuditQuery } from './audit-schemas.js';

/** Who did what, for those who have to answer for it. */
@ApiTags('audit')
@ApiBearerAuth(API_KEY)
@Controller('v1/audit')
export class AuditController {
  constructor(@Inject(AuditRecords) private readonly records: AuditRecords) {}

  @Get()
  @MayApprove('installation')
  @Operation({
    summary: 'Read the audit log',
    reply: { status: 200, description: 'Newest first.', schema: AuditPage },
    problems: [...WITH_KEY, 'page.bad-cursor'],
  })
  async listAuditEntries(
    @Query({ schema: AuditQuery }) query: z.output<typeof AuditQuery>,
  ): Promise<z.output<typeof AuditPage>> {
    return AuditPage.parse(await this.records.listEntries(query, pageRequest(query)));
  }

  @Get('head')
  @MayApprove('installation')
  @Operation({
    summary: 'Where the audit chain ends',
    description: 'For `windlass audit verify --expect <count>:<hash>`: it finds a tail that was cut off.',
    reply: { status: 200, description: 'Now.', schema: AuditHead },
    problems: [...WITH_KEY],
  })
  async readAuditHead(): Promise<z.output<typeof AuditHead>> {
    return AuditHead.parse(await this.records.head());
  }

  @Get('export')
  @MayApprove('installation')
  @Operation({
    summary: 'Export the audit log',
    description:
      'One entry a line, oldest first, as RFC 8785 writes it. `windlass audit verify FILE` takes an export without filters.',
    reply: {
      status: 200,
      description: 'All entries that there were when it began.',
      mediaType: 'application/jsonl',
      schema: z.string(),
    },
    problems: [...WITH_KEY],
  })
  async exportAuditEntries(
    @Query({ schema: AuditFilterQuery }) query: z.output<typeof AuditFilterQuery>,
    @Res() response: Response,
  ): Promise<void> {
    // While the database is away the reply is still a problem.
    await this.records.head();
    response.type('application/jsonl');
    await pipeline(Readable.from(this.lines(query)), response);
  }

  private async *lines(filter: AuditFilter): AsyncGenerator<string> {
    for await (const entry of this.records.entries(filter)) yield `${exportLine(entry)}\n`;
  }
}
