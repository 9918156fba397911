import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Clock } from '#engine';
import { ApiKeys as Keys } from '#persistence';
import { MayAdminister } from '../access/access-rule.js';
import { RefusesIdempotencyKey } from '../http/idempotency-key.js';
import { PageQuery, pageRequest } from '../http/page.js';
import { RequestFault } from '../http/request-fault.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import { ApiKeyPage, CreatedApiKey, NewApiKey } from './api-key-schemas.js';
import { PersonsOfKeys } from './persons-of-keys.js';

/** Keys for people and programs: whoever has none of their own can be no second person. */
@ApiTags('API keys')
@ApiBearerAuth(API_KEY)
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    @Inject(Keys) private readonly keys: Keys,
    @Inject(PersonsOfKeys) private readonly persons: PersonsOfKeys,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post()
  @MayAdminister('installation')
  @RefusesIdempotencyKey()
  @Operation({
    summary: 'Make an API key',
    description: 'One for each person and program: what they ask for is recorded under its id and label.',
    reply: { status: 201, description: 'Made. The key is never shown again.', schema: CreatedApiKey },
    problems: [
      ...[...WITH_KEY, ...WITH_BODY],
      ...(['request.idempotency-not-kept', 'api-key.label-taken'] as const),
      ...(['fleet.not-found', 'oidc.not-configured'] as const),
    ],
  })
  async createApiKey(
    @Body({ schema: NewApiKey }) body: z.output<typeof NewApiKey>,
  ): Promise<z.output<typeof CreatedApiKey>> {
    const { role, label, subject, ...given } = body;
    const fleetIds = given.fleetIds && [...new Set(given.fleetIds.map((one) => one.toLowerCase()))];
    const expiresAt = given.expiresAt === null ? null : new Date(given.expiresAt);
    if (expiresAt !== null && expiresAt.getTime() <= this.clock.now()) throw expiredAtOnce();
    const bounds = { fleetIds, expiresAt, person: this.persons.actorOf(subject) };
    return CreatedApiKey.parse(await this.keys.create(role, label, bounds));
  }

  @Get()
  @MayAdminister('installation')
  @Operation({
    summary: 'List the API keys',
    reply: { status: 200, description: 'Oldest first, the revoked ones among them.', schema: ApiKeyPage },
    problems: [...WITH_KEY, 'page.bad-cursor'],
  })
  async listApiKeys(
    @Query({ schema: PageQuery }) query: z.output<typeof PageQuery>,
  ): Promise<z.output<typeof ApiKeyPage>> {
    return ApiKeyPage.parse(await this.keys.list(pageRequest(query)));
  }

  @Delete(':keyId')
  @MayAdminister('installation')
  @HttpCode(204)
  @Operation({
    summary: 'Revoke an API key',
    reply: { status: 204, description: 'It opens nothing any more.' },
    problems: [...WITH_KEY, 'api-key.not-found', 'api-key.last-admin'],
  })
  async revokeApiKey(@Param('keyId', { schema: pathId }) keyId: string): Promise<void> {
    await this.keys.revoke(keyId);
  }
}

function expiredAtOnce(): RequestFault {
  const errors = [{ pointer: '#/expiresAt', detail: 'must be in the future' }];
  const detail = 'The body is not valid: #/expiresAt: must be in the future.';
  return new RequestFault('request.invalid', detail, 'Name a time to come, or leave it out.', { errors });
}
