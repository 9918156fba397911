import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { canonicalJson } from '#audit-chain';
import { Journal, type JournalEntry } from '#engine';
import { AuditRecords, RotationRecords } from '#persistence';
import { redact } from '#platform';
import { evidenceOf } from '#rotation';
import { MayRead } from '../access/access-rule.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';
import { Evidence } from './evidence-schemas.js';

@ApiTags('rotations')
@ApiBearerAuth(API_KEY)
@Controller('v1/rotations/:rotationId/evidence')
export class EvidenceController {
  constructor(
    @Inject(Journal) private readonly journal: Journal,
    @Inject(RotationRecords) private readonly rotations: RotationRecords,
    @Inject(AuditRecords) private readonly audit: AuditRecords,
  ) {}

  @Get()
  @MayRead('rotation')
  @Operation({
    summary: 'What a rotation proves, for those who were not there',
    description:
      'Who asked, decided and approved, and why; what every host served before and after; every probe; the digest of the journal and its place in the audit chain. Written as RFC 8785 says.',
    reply: { status: 200, description: 'As the journal has it.', schema: Evidence },
    problems: [...WITH_KEY, 'rotation.not-found', 'rotation.unreadable'],
  })
  async readEvidence(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const { id } = await this.rotations.getRotation(rotationId);
    const entries = await this.journal.read(id);
    const { journal, anchor } = await this.audit.journalProof(id, entries.at(-1)?.sequence ?? 0);
    const pack = { format: 'windlass-evidence/1', rotationId: id, ...shown(entries), journal, audit: anchor };
    response.type('application/json');
    return canonicalJson(Evidence.parse(pack));
  }
}

/** Part by part, because what is very deep is not shown. */
function shown(entries: readonly JournalEntry[]): object {
  const parts = Object.entries(evidenceOf(entries) ?? {});
  return Object.fromEntries(parts.map(([name, part]) => [name, redact(part)]));
}
