import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiKeys as Keys } from '#persistence';
import { RefusesIdempotencyKey } from '../http/idempotency-key.js';
import { PageQuery, pageRequest } from '../http/page.js';
import { Roles } from '../http/roles.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import { ApiKeyPage, CreatedApiKey, NewApiKey } from './api-key-schemas.js';

/** Keys for people and programs: whoever has none of their own can be no second person. */
@ApiTags('API keys')
@ApiBearerAuth(API_KEY)
@Roles('admin')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(@Inject(Keys) private readonly keys: Keys) {}

  @Post()
  @RefusesIdempotencyKey()
  @Operation({
    summary: 'Make an API key',
    description: 'One for each person and program: what they ask for is recorded under its id and label.',
    reply: { status: 201, description: 'Made. The key is never shown again.', schema: CreatedApiKey },
    problems: [...WITH_KEY, ...WITH_BODY, 'request.idempotency-not-kept', 'api-key.label-taken'],
  })
  async createApiKey(
    @Body({ schema: NewApiKey }) { role, label }: z.output<typeof NewApiKey>,
  ): Promise<z.output<typeof CreatedApiKey>> {
    return CreatedApiKey.parse(await this.keys.create(role, label));
  }

  @Get()
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
