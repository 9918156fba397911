import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { Response } from 'express';
import { logTrouble } from '#engine';
import { API_LOG, type ApiLog } from '../api-log.js';
import { RequestAudit } from '../audit/request-audit.js';
import type { ApiRequest } from './api-request.js';
import { describeFault } from './describe-fault.js';
import { methodNotAllowed } from './other-methods.js';
import type { Problem } from './problem.js';
import { PROBLEM_KINDS, problemPath } from './problem-kinds.js';
import type { RequestFault } from './request-fault.js';
import { traceIdHere } from './request-span.js';

/** Turns whatever was thrown into `application/problem+json`; what is our own defect goes to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(API_LOG) private readonly log: ApiLog,
    @Inject(RequestAudit) private readonly audit: RequestAudit,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<ApiRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    const described = describeFault(error);
    const unknown = described.code === 'request.unknown-route';
    const fault = (unknown && methodNotAllowed(request)) || described;
    const [status] = PROBLEM_KINDS[fault.code];
    if (status >= 500) logTrouble(this.log, { error, requestId: request.requestId }, 'a request failed');
    await this.audit.refuse(request, fault);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(status)
      .set(fault.more.headers ?? {})
      .type('application/problem+json')
      .send(JSON.stringify(problemOf(fault, request)));
  }
}

function problemOf(fault: RequestFault, request: ApiRequest): Problem {
  const [status, title] = PROBLEM_KINDS[fault.code];
  const { errors, findings } = fault.more;
  const traceId = traceIdHere();
  return {
    type: problemPath(fault.code),
    title,
    status,
    detail: fault.detail,
    // Without the query: it may hold what was meant for the header.
    instance: request.originalUrl.split('?', 1)[0] ?? '',
    code: fault.code,
    nextAction: fault.nextAction,
    requestId: request.requestId,
    ...(traceId === undefined ? {} : { traceId }),
    ...(errors ? { errors: [...errors] } : {}),
    ...(findings ? { findings: [...findings] } : {}),
  };
}
