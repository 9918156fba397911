import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { MayAnybody } from '../access/access-rule.js';
import { Operation } from './operation.js';

/** The document, once the routes that it describes are there. */
export class Documentation {
  document: OpenAPIObject | null = null;
}

@ApiTags('documentation')
@Controller()
export class DocumentationController {
  constructor(@Inject(Documentation) private readonly documentation: Documentation) {}

  @Get('openapi.json')
  @MayAnybody()
  @Operation({
    summary: 'This document',
    reply: { status: 200, description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) },
  })
  readDocument(): OpenAPIObject | null {
    return this.documentation.document;
  }
}
