import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { Observable } from 'rxjs';
import type { ApiRequest } from './api-request.js';
import type { FieldFault } from './problem.js';
import { RequestFault } from './request-fault.js';

/** Nest's RouteParamtypes, by which it files the parameters of a handler as `<kind>:<index>`. */
const BODY = '3:';
const QUERY = '4:';

/** Refuses query parameters and bodies on routes that take none. Where a schema is, it refuses unknown fields. */
@Injectable()
export class NothingStray implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { query, body } = context.switchToHttp().getRequest<ApiRequest>();
    const errors: FieldFault[] = [
      ...(takes(context, QUERY) ? [] : names(query).map((parameter) => ({ parameter, detail: UNKNOWN }))),
      ...(takes(context, BODY) ? [] : names(body).map((name) => ({ pointer: `#/${name}`, detail: UNKNOWN }))),
    ];
    if (errors.length === 0) return next.handle();
    const list = errors.map(({ pointer, parameter }) => pointer ?? parameter).join(', ');
    throw new RequestFault('request.invalid', `This route does not take: ${list}.`, 'Leave it out.', {
      errors,
    });
  }
}

const UNKNOWN = 'is not known here';

function takes(context: ExecutionContext, kind: string): boolean {
  const handler = context.getHandler().name;
  const args: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler);
  return Object.keys((args as object | undefined) ?? {}).some((key) => key.startsWith(kind));
}

function names(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value)
    .slice(0, 50)
    .map((name) => encodeURIComponent(Buffer.from(name).toString().slice(0, 64)));
}
