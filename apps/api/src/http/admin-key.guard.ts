import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ApiRequest } from './api-request.js';
import { PUBLIC } from './public.js';
import { RequestFault } from './request-fault.js';

/** Lets nobody in without the key of an admin, save where a route is {@link PUBLIC}. */
@Injectable()
export class AdminKeyGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride(PUBLIC, [context.getHandler(), context.getClass()]) === true)
      return true;
    const { caller } = context.switchToHttp().getRequest<ApiRequest>();
    if (caller === undefined) throw unauthorised();
    if (caller.role !== 'admin') throw forbidden();
    return true;
  }
}

function unauthorised(): RequestFault {
  return new RequestFault(
    'request.unauthorised',
    'No valid API key came with the request.',
    'Send it as "Authorization: Bearer <key>". The first start of the API printed one, or WINDLASS_ADMIN_KEY sets it.',
    { headers: { 'WWW-Authenticate': 'Bearer realm="windlass"' } },
  );
}

function forbidden(): RequestFault {
  return new RequestFault('request.forbidden', 'The role of this API key is not admin.', 'Use an admin key.');
}
