import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import type { ApiRequest } from '../http/api-request.js';
import { REPLAYED } from '../http/idempotency-key.js';
import { isAudited, knownFields } from './audited-request.js';
import { RequestAudit } from './request-audit.js';

/** Nest's RouteParamtypes.BODY, by which it files the parameters of a handler as `<kind>:<index>`. */
const BODY = '3:';

/**
 * The outermost: what it wraps takes effect only behind the intent, and is answered only behind the outcome. Faults
 * are recorded where they become replies, because some never come by here.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(@Inject(RequestAudit) private readonly audit: RequestAudit) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (!isAudited(request)) return next.handle();
    await this.audit.intend(request, knownFields(bodySchema(context), request.body));
    return next.handle().pipe(mergeMap((body: unknown) => this.ended(context, body)));
  }

  private async ended(context: ExecutionContext, body: unknown): Promise<unknown> {
    const http = context.switchToHttp();
    const response = http.getResponse<Response>();
    const replayed = response.hasHeader(REPLAYED);
    const location = response.getHeader('Location');
    await this.audit.succeed(http.getRequest<ApiRequest>(), { location, body, replayed });
    return body;
  }
}

function bodySchema(context: ExecutionContext): unknown {
  const handler = context.getHandler().name;
  const args: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler);
  const found = Object.entries((args as object | undefined) ?? {}).find(([key]) => key.startsWith(BODY));
  return (found?.[1] as { schema?: unknown } | undefined)?.schema;
}
