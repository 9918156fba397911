import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ApiRequest } from '../http/api-request.js';
import { noKey, otherRole, undeclared } from './access-faults.js';
import { ACCESS, type AccessRule } from './access-rule.js';
import { FleetScope } from './fleet-scope.js';

/** Lets in whom the rule of the route names, within the fleets that they are confined to; without a rule nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(FleetScope) private readonly scope: FleetScope,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Of the handler alone: a rule that came with the class would open what is added to it later.
    const rule = this.reflector.get<AccessRule | undefined>(ACCESS, context.getHandler());
    if (rule === 'everybody') return true;
    const { caller, refusal, params } = context.switchToHttp().getRequest<ApiRequest>();
    if (caller === undefined) throw refusal ?? noKey();
    if (rule === undefined) throw undeclared();
    if (!rule.roles.some((role) => caller.roles.includes(role))) throw otherRole(caller.roles, rule.roles);
    await this.scope.refuseBeyond(caller, rule.reach, params as Record<string, string>);
    return true;
  }
}
