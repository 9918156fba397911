import { Inject, Injectable } from '@nestjs/common';
import type { AuditDetail } from '#audit-chain';
import { AuditLog, type NewAuditFact } from '#engine';
import { API_LOG, type ApiLog } from '../api-log.js';
import { type ApiRequest, isDryRun } from '../http/api-request.js';
import { routesAt } from '../http/known-routes.js';
import { PROBLEM_KINDS } from '../http/problem-kinds.js';
import type { RequestFault } from '../http/request-fault.js';
import { Documentation } from '../openapi/documentation.controller.js';
import {
  fewSubjects,
  isAudited,
  reasonIn,
  subjectsInBody,
  subjectsInPath,
  subjectsMade,
  whereFrom,
  whoAsked,
} from './audited-request.js';

/** What a request was answered with, as far as the log tells of it. */
export interface Answered {
  readonly location: unknown;
  readonly body: unknown;
  /** By the reply of an earlier request with the same Idempotency-Key: nothing was done. */
  readonly replayed: boolean;
}

/** Records every request that may change something: before it takes effect, and how it ended (docs/adr/0025). */
@Injectable()
export class RequestAudit {
  constructor(
    @Inject(AuditLog) private readonly log: AuditLog,
    @Inject(API_LOG) private readonly apiLog: ApiLog,
    @Inject(Documentation) private readonly documentation: Documentation,
  ) {}

  /** Before anything is done. Throws PortError `database.unreachable`, and then nothing must be done. */
  async intend(request: ApiRequest, fields: readonly string[]): Promise<void> {
    const details = { ...(fields.length > 0 ? { fields } : {}), ...dryRun(request) };
    request.auditIntent = await this.log.record(
      this.fact(request, { stage: 'intent', outcome: null, details }),
    );
  }

  /** What was done is done: that its outcome could not be kept is no reason to say otherwise. */
  async succeed(request: ApiRequest, { location, body, replayed }: Answered): Promise<void> {
    const subjects = subjectsMade(request.originalUrl, location, body);
    const details = replayed ? { replayed } : {};
    await this.close(request, { outcome: 'succeeded', subjects, details });
  }

  /**
   * Also for what was refused before it got as far as an intent; requests that are not audited are passed over, and
   * so is what is throttled: it reached nothing, and whoever sends it could fill a table that nobody may empty.
   */
  async refuse(request: ApiRequest, { code }: RequestFault): Promise<void> {
    if (!isAudited(request) || code === 'request.too-many') return;
    const [status] = PROBLEM_KINDS[code];
    const outcome = status >= 500 ? 'failed' : 'refused';
    await this.close(request, { outcome, subjects: [], details: { status, code } });
  }

  private async close(
    request: ApiRequest,
    { details, subjects, outcome }: Pick<NewAuditFact, 'details' | 'subjects' | 'outcome'>,
  ): Promise<void> {
    const { auditIntent, requestId } = request;
    const of = { ...details, ...dryRun(request) };
    const all: Record<string, AuditDetail> = auditIntent === undefined ? of : { ...of, intent: auditIntent };
    const fact = this.fact(request, { stage: 'outcome', outcome, details: all });
    try {
      await this.log.record({ ...fact, subjects: fewSubjects([...fact.subjects, ...subjects]) });
    } catch (error) {
      this.apiLog.error({ error, requestId }, 'the outcome of a request could not be recorded for audit');
    }
  }

  private fact(request: ApiRequest, how: Pick<NewAuditFact, 'stage' | 'outcome' | 'details'>): NewAuditFact {
    const { body, originalUrl, requestId } = request;
    return {
      ...how,
      ...whoAsked(request),
      operation: this.operationOf(request),
      subjects: fewSubjects([...subjectsInPath(originalUrl), ...subjectsInBody(body)]),
      ...{ requestId, reason: reasonIn(body), address: whereFrom(request) },
    };
  }

  /** Its operationId in the OpenAPI document. */
  private operationOf(request: ApiRequest): string {
    const method = request.method.toLowerCase();
    const route = routesAt(request).find(({ methods }) => methods.includes(method))?.path ?? '';
    const path = route.replace(/:(\w+)(?=\/|:|$)/g, (whole, name) =>
      isParameter(route, name) ? `{${name}}` : whole,
    );
    const item = this.documentation.document?.paths[path] as
      | Record<string, { operationId?: string }>
      | undefined;
    return item?.[method]?.operationId ?? 'none';
  }
}

/** So that nobody takes it for the deed. */
function dryRun(request: ApiRequest): { readonly dryRun?: true } {
  return isDryRun(request) ? { dryRun: true } : {};
}

/** A verb stands behind another colon: `/v1/rotations/:rotationId:pause`. */
function isParameter(route: string, name: string): boolean {
  return route.includes(`/:${name}`);
}
