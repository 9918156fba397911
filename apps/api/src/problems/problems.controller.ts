import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { MayAnybody } from '../access/access-rule.js';
import { isProblemCode } from '../http/problem-kinds.js';
import { RequestFault } from '../http/request-fault.js';
import { Operation } from '../openapi/operation.js';
import { problemIndex, problemPage } from './problem-pages.js';

const HTML = 'text/html; charset=utf-8';
/** Text and nothing else. */
const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Where the `type` of every problem leads, also for whoever has no key. */
@ApiTags('documentation')
@Controller('problems')
export class ProblemsController {
  @Get()
  @MayAnybody()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', POLICY)
  @Operation({
    summary: 'List every problem that this API answers with',
    reply: { status: 200, description: 'A page.', mediaType: 'text/html', schema: z.string() },
  })
  listProblems(): string {
    return problemIndex();
  }

  @Get(':code')
  @MayAnybody()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', POLICY)
  @Operation({
    summary: 'Read what a problem means and what to do next',
    reply: { status: 200, description: 'A page.', mediaType: 'text/html', schema: z.string() },
    problems: ['problem.not-found'],
  })
  explainProblem(@Param('code', { schema: z.string() }) code: string): string {
    if (isProblemCode(code)) return problemPage(code);
    throw new RequestFault('problem.not-found', 'There is no problem of that code.', 'See /problems.');
  }
}
