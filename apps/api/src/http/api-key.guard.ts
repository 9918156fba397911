import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { API_KEY_ROLES, type ApiKeyRole } from '#persistence';
import type { ApiRequest } from './api-request.js';
import { PUBLIC } from './public.js';
import { RequestFault } from './request-fault.js';
import { ROLES } from './roles.js';

const MAY_CHANGE: readonly ApiKeyRole[] = ['operator', 'admin'];
const READS: readonly string[] = ['GET', 'HEAD'];

/** Lets nobody in without a key whose role may use the route, save where it is {@link PUBLIC}. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.of<boolean>(PUBLIC, context) === true) return true;
    const { caller, method } = context.switchToHttp().getRequest<ApiRequest>();
    if (caller === undefined) throw unauthorised();
    const byMethod = READS.includes(method) ? API_KEY_ROLES : MAY_CHANGE;
    const roles = this.of<readonly ApiKeyRole[]>(ROLES, context) ?? byMethod;
    if (!roles.includes(caller.role)) throw forbidden(caller.role, roles);
    return true;
  }

  private of<T>(name: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(name, [context.getHandler(), context.getClass()]);
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

function forbidden(role: ApiKeyRole, roles: readonly ApiKeyRole[]): RequestFault {
  return new RequestFault(
    'request.forbidden',
    `The role of this API key is ${role}, which may not do that.`,
    `Use a key of the role ${roles.join(' or ')}.`,
  );
}
