import { Controller, Get, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ROLES, type Role } from '#engine';
import { type ApiRequest, actorOf, callerOf } from '../http/api-request.js';
import { id, timestamp } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';
import { MayRead } from './access-rule.js';

/** The one that may most first: what a single word says of somebody with several. */
const BY_REACH: readonly Role[] = ['admin', 'operator', 'approver', 'viewer'];

const Self = z
  .object({
    actor: z.string().meta({
      description: 'Who a request of theirs is recorded for, such as in `requestedBy`.',
      examples: ['api-key:0b9f2c1e-6d0b-4a43-9f5e-6c1c8f1f3a52 (ana)'],
    }),
    kind: z.enum({ 'api-key': 'api-key', oidc: 'oidc' }).meta({ description: 'What they came with.' }),
    role: z.enum(ROLES).meta({ description: 'Of several, the one that may most.' }),
    roles: z.array(z.enum(ROLES)).meta({ description: 'All of them: a token may give several.' }),
    fleets: z.array(id).nullable().meta({
      description: 'Ids of the fleets that they are confined to; null: all, and what belongs to none.',
    }),
    until: timestamp.nullable().meta({ description: 'When the key or token ends; null: never.' }),
  })
  .meta({ id: 'Self', description: 'Whoever asks, as the API knows them.' });

@ApiTags('API keys')
@ApiBearerAuth(API_KEY)
@Controller('v1/self')
export class SelfController {
  @Get()
  @MayRead('nothing')
  @Operation({
    summary: 'Who am I, and what may I do',
    reply: { status: 200, description: 'Of the key or token that came with the request.', schema: Self },
    problems: WITH_KEY,
  })
  readSelf(@Req() request: ApiRequest): z.output<typeof Self> {
    const { kind, roles, fleets, until } = callerOf(request);
    const role = BY_REACH.find((one) => roles.includes(one));
    const ends = until === null ? null : new Date(until).toISOString();
    return Self.parse({ actor: actorOf(request), kind, role, roles, fleets, until: ends });
  }
}
