import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { type Observable, tap } from 'rxjs';
import type { ApiRequest } from './api-request.js';
import { digestTag } from './entity-tags.js';

/** Those whose reply is what a GET at the same place shows. */
const SHOWING = ['GET', 'PUT', 'PATCH'];

/**
 * Gives every reply that shows something its ETag, unless the route gave it one that means more. Express answers 304
 * where If-None-Match has it.
 */
@Injectable()
export class ReadTags implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    if (!request.path.startsWith('/v1/') || !SHOWING.includes(request.method)) return next.handle();
    // fetch() says no-cache with every condition, and Express takes that for a wish to have it all again.
    if (request.headers['if-none-match'] !== undefined) delete request.headers['cache-control'];
    return next.handle().pipe(
      tap((shown) => {
        const tagged = response.headersSent || response.get('ETag') !== undefined;
        if (!tagged && typeof shown === 'object' && shown !== null) response.set('ETag', digestTag(shown));
      }),
    );
  }
}
