import { Body, Controller, Headers, Inject, Param, Patch, Put, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { CaLogins, Clock } from '#engine';
import { FleetRecords, type FleetView } from '#persistence';
import { MayOperate } from '../access/access-rule.js';
import { API_LOG, type ApiLog } from '../api-log.js';
import { type ApiRequest, callerOf } from '../http/api-request.js';
import { TakesIfMatch, unchanged } from '../http/entity-tags.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_IF_MATCH, WITH_KEY } from '../openapi/operation.js';
import { CaLogin } from './ca-login-schema.js';
import { CaWays, onlyOfVault, refuseOwnParent } from './ca-ways-schema.js';
import { fleetReply, fleetTag, sendFleet } from './fleet-reply.js';
import { Fleet } from './fleet-schemas.js';
import { LOGIN_FIT_PROBLEMS, LOGIN_PROBLEMS, otherLogin, takeLogin } from './given-login.js';

@ApiTags('fleets')
@ApiBearerAuth(API_KEY)
@Controller('v1/fleets/:fleetId/issuing-ca')
export class IssuingCaController {
  constructor(
    @Inject(FleetRecords) private readonly fleets: FleetRecords,
    @Inject(CaLogins) private readonly logins: CaLogins,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(API_LOG) private readonly log: ApiLog,
  ) {}

  @Put('login')
  @MayOperate('issuing-ca')
  @TakesIfMatch()
  @Operation({
    summary: 'Replace the login to the issuing CA',
    description:
      'For this fleet and every other one of the same issuing CA; what runs goes on with it. The old one is forgotten.',
    reply: { status: 200, description: 'The fleet.', schema: Fleet },
    problems: [
      ...WITH_KEY,
      ...WITH_BODY,
      ...WITH_IF_MATCH,
      'fleet.not-found',
      ...LOGIN_FIT_PROBLEMS,
      ...LOGIN_PROBLEMS,
    ],
  })
  async replaceCaLogin(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: CaLogin }) body: z.output<typeof CaLogin>,
    @Headers('If-Match') ifMatch: string | undefined,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof Fleet>> {
    const show = (view: FleetView) => fleetReply(view, callerOf(request), this.clock.now());
    const check = unchanged(ifMatch, (view: FleetView) => fleetTag(show(view)));
    // Before anything that cannot be taken back: a wrapped secret id opens once.
    check(await this.fleets.getFleet(fleetId));
    const ca = await this.fleets.loggedInCaOf(fleetId);
    const { accessKey, ...login } = body;
    if (ca.kind === 'aws-pca') {
      if (accessKey === undefined) throw otherLogin('an accessKey', 'a token or an appRole');
      return sendFleet(show(await this.fleets.replaceAccessKey(fleetId, ca, accessKey, check)), response);
    }
    if (accessKey !== undefined) throw otherLogin('a token or an appRole', 'an accessKey');
    const taken = await takeLogin(login, ca, this.logins, this.log);
    return sendFleet(show(await this.fleets.replaceLogin(fleetId, ca, taken, check)), response);
  }

  @Patch()
  @MayOperate('issuing-ca')
  @TakesIfMatch()
  @Operation({
    summary: 'Change who signs new CAs, or what becomes of pinned roles',
    description:
      'For this fleet and every other one of the same issuing CA. Refused while a rotation works on one of them: it ends with what it began with.',
    reply: { status: 200, description: 'The fleet.', schema: Fleet },
    problems: [
      ...WITH_KEY,
      ...WITH_BODY,
      ...WITH_IF_MATCH,
      'fleet.not-found',
      'ca.without-login',
      'ca.not-of-vault',
      'ca.own-parent',
      'rotation.conflict',
    ],
  })
  async changeIssuingCa(
    @Param('fleetId', { schema: pathId }) fleetId: string,
    @Body({ schema: CaWays }) body: z.output<typeof CaWays>,
    @Headers('If-Match') ifMatch: string | undefined,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.output<typeof Fleet>> {
    const ca = await this.fleets.loggedInCaOf(fleetId);
    if (ca.kind !== 'vault') throw onlyOfVault();
    refuseOwnParent(ca.mount, body.signedBy);
    const show = (view: FleetView) => fleetReply(view, callerOf(request), this.clock.now());
    const check = unchanged(ifMatch, (view: FleetView) => fleetTag(show(view)));
    return sendFleet(show(await this.fleets.changeWays(fleetId, ca, body, check)), response);
  }
}
