import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { RotationCommands, type Wish } from '#engine';
import { MayApprove, MayOperate } from '../access/access-rule.js';
import { type ApiRequest, actorOf } from '../http/api-request.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { WITH_BODY } from '../openapi/operation.js';
import { expectedRevision } from './if-match.js';
import { Verb } from './rotation-operation.js';
import { sendRotation } from './rotation-reply.js';
import { Approve, StatedReason } from './rotation-schemas.js';

type Stated = z.output<typeof StatedReason>;

/** What people may ask of a rotation. A backslash keeps the second colon of a path from being read as a parameter. */
@ApiTags('rotations')
@ApiBearerAuth(API_KEY)
@Controller('v1/rotations')
export class RotationVerbsController {
  constructor(@Inject(RotationCommands) private readonly commands: RotationCommands) {}

  @Post(':rotationId\\:pause')
  @MayOperate('rotation')
  @HttpCode(202)
  @Verb({
    summary: 'Hold a rotation',
    description:
      'It stands still at the next place where all hosts are on one side; a switch of the fleet that is under ' +
      'way is carried to its end first, and until then `paused.effective` is false.',
    problems: [...WITH_BODY],
  })
  async pauseRotation(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Body({ schema: StatedReason }) { reason }: Stated,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.ask(rotationId, request, response, (wish) =>
      this.commands.pause({ ...wish, because: reason }),
    );
  }

  @Post(':rotationId\\:resume')
  @MayOperate('rotation')
  @HttpCode(202)
  @Verb({
    summary: 'Let a paused rotation go on, and try again what failed',
    problems: ['rotation.not-paused'],
  })
  async resumeRotation(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.ask(rotationId, request, response, (wish) => this.commands.resume(wish));
  }

  @Post(':rotationId\\:abort')
  @MayOperate('rotation')
  @HttpCode(202)
  @Verb({
    summary: 'Ask for the way back',
    description: 'Refused once the fleet has decided to keep the new trust.',
    problems: [...WITH_BODY, 'rotation.too-late'],
  })
  async abortRotation(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Body({ schema: StatedReason }) { reason }: Stated,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.ask(rotationId, request, response, (wish) =>
      this.commands.abort({ ...wish, because: reason }),
    );
  }

  @Post(':rotationId\\:retry')
  @MayOperate('rotation')
  @HttpCode(202)
  @Verb({
    summary: 'Try again now what waits for its next try',
    description: 'For a host or a CA that is back: the pause between two tries is up to 30 seconds long.',
    problems: ['rotation.nothing-to-retry'],
  })
  async retryRotation(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.ask(rotationId, request, response, (wish) => this.commands.retry(wish));
  }

  @Post(':rotationId\\:override')
  @MayOperate('rotation')
  @HttpCode(202)
  @Verb({
    summary: 'Drop the old CA although clients may still need it',
    description:
      'Opens the gate that keeps a soak waiting. The clients that the rotation names under `gate` are shut out ' +
      'unless they renew before; the reason and who gave it are recorded.',
    problems: [...WITH_BODY, 'rotation.gate-open'],
  })
  async overrideGate(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Body({ schema: StatedReason }) { reason }: Stated,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.ask(rotationId, request, response, (wish) =>
      this.commands.override({ ...wish, because: reason }),
    );
  }

  @Post(':rotationId\\:approve')
  @MayApprove('rotation')
  @HttpCode(202)
  @Verb({
    summary: 'Approve as a second person that the old CA is dropped',
    description:
      'For a fleet with `approval`. It is bound to the change of trust that `trustDiffDigest` stands for, and ' +
      'counts no more should that change. Whoever asked for the rotation cannot approve it.',
    problems: [
      ...WITH_BODY,
      ...(['rotation.approval-not-needed', 'rotation.approval-not-awaited'] as const),
      ...(['rotation.approved-already', 'rotation.own-request', 'rotation.other-trust-diff'] as const),
    ],
  })
  async approveContract(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Body({ schema: Approve }) { trustDiffDigest }: z.output<typeof Approve>,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.ask(rotationId, request, response, (wish) =>
      this.commands.approve({ ...wish, trustDiffDigest }),
    );
  }

  @Post(':rotationId/hosts/:hostId\\:decommission')
  @MayOperate('rotation')
  @HttpCode(202)
  @Verb({
    summary: 'Give up a host that the rotation waits for',
    description:
      'The rotation ends without it and says so. What the host serves stays unknown, and no later rotation ' +
      'counts it in.',
    problems: [...WITH_BODY, 'host.not-found', 'rotation.host-not-blocked', 'rotation.last-host'],
  })
  async decommissionHost(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Param('hostId', { schema: pathId }) hostId: string,
    @Body({ schema: StatedReason }) { reason }: Stated,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.ask(rotationId, request, response, (wish) =>
      this.commands.decommission({ ...wish, hostId, because: reason }),
    );
  }

  private async ask(
    rotationId: string,
    request: ApiRequest,
    response: Response,
    command: (wish: Wish) => Promise<void>,
  ): Promise<string> {
    const read = () => this.commands.read(rotationId);
    const revision = await expectedRevision(request.get('if-match'), read);
    await command({ rotationId, by: actorOf(request), revision });
    return sendRotation(await read(), response);
  }
}
