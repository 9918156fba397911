import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { catchError, mergeMap, type Observable, of } from 'rxjs';
import { type Claim, type Claimed, IdempotentRequests, type KeptReply } from '#persistence';
import { FleetScope } from '../access/fleet-scope.js';
import { type ApiRequest, callerOf, isDryRun } from './api-request.js';
import { describeFault } from './describe-fault.js';
import { IDEMPOTENCY, type Idempotency, idempotentRequestOf, REPLAYED } from './idempotency-key.js';
import { PROBLEM_KINDS } from './problem-kinds.js';
import { RequestFault } from './request-fault.js';

/** Headers that are of a reply and not of how it travels. */
const KEPT_HEADERS = ['Location', 'ETag'];

/** Carries a request with an Idempotency-Key out once, and repeats its reply (docs/adr/0024). */
@Injectable()
export class Once implements NestInterceptor {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(IdempotentRequests) private readonly requests: IdempotentRequests,
    @Inject(FleetScope) private readonly scope: FleetScope,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const idempotency = this.reflector.get<Idempotency | undefined>(IDEMPOTENCY, context.getHandler());
    const key = request.get('idempotency-key');
    // A dry run does nothing that could be done twice, and is asked for to hear how things are now.
    if (idempotency === undefined || key === undefined || isDryRun(request)) return next.handle();
    if (idempotency === 'secret') throw notKept();
    const response = context.switchToHttp().getResponse<Response>();
    const claimed = await this.requests.claim(idempotentRequestOf(request, key));
    if (claimed.kind === 'answered') {
      await this.scope.refuseShown(callerOf(request), claimed.reply.headers.Location);
      return of(repeated(claimed.reply, response));
    }
    if (claimed.kind !== 'claimed') throw refused(claimed.kind);
    request.idempotentId = claimed.subjectId;
    return next.handle().pipe(
      mergeMap((body) => this.kept(claimed, body, response)),
      catchError((error: unknown) => this.failed(claimed, error)),
    );
  }

  private async kept(claim: Claim, body: unknown, response: Response): Promise<unknown> {
    const headers = KEPT_HEADERS.flatMap((name) => {
      const value = response.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    await this.requests.keep(claim, { headers: Object.fromEntries(headers), body });
    return body;
  }

  private async failed(claim: Claim, error: unknown): Promise<never> {
    const [status] = PROBLEM_KINDS[describeFault(error).code];
    // Where it cannot be written the claim runs out by itself, and the caller is told of the first error.
    await (status < 500 ? this.requests.forget(claim) : this.requests.giveUp(claim)).catch(() => undefined);
    throw error;
  }
}

function repeated({ headers, body }: KeptReply, response: Response): unknown {
  response.set({ ...headers, [REPLAYED]: 'true' });
  return body;
}

function refused(kind: Exclude<Claimed['kind'], 'claimed' | 'answered'>): RequestFault {
  if (kind === 'mismatch') {
    return new RequestFault(
      'request.idempotency-mismatch',
      'The same Idempotency-Key came before with another path or body.',
      'Take a fresh key for another request.',
    );
  }
  return new RequestFault(
    'request.idempotency-in-flight',
    'The request with this Idempotency-Key is still being answered.',
    'Send the same again after Retry-After.',
    { headers: { 'Retry-After': '1' } },
  );
}

function notKept(): RequestFault {
  return new RequestFault(
    'request.idempotency-not-kept',
    'The reply of this route holds a secret, which is kept nowhere and cannot be repeated.',
    'Leave Idempotency-Key out.',
  );
}
