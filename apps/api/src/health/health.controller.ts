import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { MayAnybody } from '../access/access-rule.js';
import { RequestFault } from '../http/request-fault.js';
import { Operation } from '../openapi/operation.js';
import { type Dependency, Readiness } from './readiness.js';

const Live = z.object({ status: z.literal('live') });
const Ready = z.object({
  status: z.literal('ready'),
  dependencies: z.array(z.enum(['database', 'queue'])).meta({ description: 'What was asked, and answered.' }),
});

const RETRY = { headers: { 'Retry-After': '5' } };

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  @Get('livez')
  @MayAnybody()
  @Operation({
    summary: 'Does the process run?',
    description: 'Asks nothing of anybody: a database that is away is no reason to start the process again.',
    reply: { status: 200, description: 'It does.', schema: Live },
  })
  readLiveness(): z.infer<typeof Live> {
    return { status: 'live' };
  }

  @Get('readyz')
  @MayAnybody()
  @Operation({
    summary: 'Can it serve?',
    reply: { status: 200, description: 'All that it needs answers.', schema: Ready },
    problems: ['database.unreachable', 'queue.unreachable', 'service.not-ready', 'service.draining'],
  })
  async readReadiness(): Promise<z.infer<typeof Ready>> {
    if (this.readiness.draining) throw draining();
    const dependencies = await this.readiness.dependencies();
    const away = dependencies.filter(({ why }) => why !== null);
    if (away.length > 0) throw notReady(away);
    return { status: 'ready', dependencies: dependencies.map(({ name }) => name) };
  }
}

function draining(): RequestFault {
  const detail = 'This process answers what it has, and ends.';
  return new RequestFault('service.draining', detail, 'Send requests to another replica.', RETRY);
}

function notReady(away: readonly Dependency[]): RequestFault {
  const [only, ...more] = away;
  const code =
    only === undefined || more.length > 0 ? 'service.not-ready' : (`${only.name}.unreachable` as const);
  const detail = away.map(({ name, why }) => `The ${name} cannot be used: ${why}.`).join(' ');
  const next = 'Check that it runs and can be reached, as DATABASE_URL and REDIS_URL name it.';
  return new RequestFault(code, detail, next, RETRY);
}
