import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { PortError } from '#engine';
import { ScheduleRecords } from '#persistence';
import { MayOperate } from '../access/access-rule.js';
import type { Caller } from '../access/caller.js';
import { FleetScope } from '../access/fleet-scope.js';
import { type ApiRequest, callerOf } from '../http/api-request.js';
import { RequestFault } from '../http/request-fault.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_BODY, WITH_KEY } from '../openapi/operation.js';
import { AlertmanagerWebhook, type AlertOutcome, AlertOutcomes, type SentAlert } from './alert-schemas.js';

const ASKS_TO_ROTATE = 'rotate';

/** Alerts that ask for what a schedule would start. They start nothing themselves, and nothing without one. */
@ApiTags('schedules')
@ApiBearerAuth(API_KEY)
@Controller('v1/alertmanager')
export class AlertsController {
  constructor(
    @Inject(ScheduleRecords) private readonly schedules: ScheduleRecords,
    @Inject(FleetScope) private readonly scope: FleetScope,
  ) {}

  @Post()
  @MayOperate('own-fleets')
  @HttpCode(200)
  @Operation({
    summary: 'Take the webhook of Alertmanager',
    description:
      'A firing alert with the labels `windlass_action="rotate"` and `fleet_id` makes the schedules of that fleet that have `startOnAlert` start their rotation, in their windows. Sent again it asks for nothing more.',
    reply: { status: 200, description: 'What became of each alert.', schema: AlertOutcomes },
    problems: [...WITH_KEY, ...WITH_BODY],
  })
  async takeAlerts(
    @Body({ schema: AlertmanagerWebhook }) { alerts }: z.output<typeof AlertmanagerWebhook>,
    @Req() request: ApiRequest,
  ): Promise<z.output<typeof AlertOutcomes>> {
    const items: AlertOutcome[] = [];
    for (const alert of alerts) items.push(await this.take(alert, callerOf(request)));
    return { items };
  }

  private async take(alert: SentAlert, caller: Caller): Promise<AlertOutcome> {
    const { fingerprint, labels } = alert;
    const ignored = (because: string) => ({ fingerprint, outcome: 'ignored', because }) as const;
    const { windlass_action: action, fleet_id: fleetId } = labels;
    if (alert.status !== 'firing') return ignored('it is resolved');
    if (action !== ASKS_TO_ROTATE) return ignored('it has no label windlass_action="rotate"');
    if (fleetId === undefined) return ignored('it has no label fleet_id');
    const refusal = await this.refusal(caller, fleetId);
    if (refusal !== null) return ignored(refusal);
    const startsAt = new Date(alert.startsAt).toISOString();
    const outcome = await this.schedules.askByAlert(fleetId, `${fingerprint}@${startsAt}`);
    if (outcome === 'nobody')
      return ignored(
        'no schedule of the fleet that rotates, is enabled and is not suspended has startOnAlert',
      );
    const because = { asked: 'a schedule starts it', 'asked-before': `it has asked since ${startsAt}` };
    return { fingerprint, outcome, because: because[outcome] };
  }

  /** One alert that is not the caller's must not keep the others of its group from being heard. */
  private async refusal(caller: Caller, fleetId: string): Promise<string | null> {
    try {
      await this.scope.refuseStart(caller, { fleetId, together: [], strategy: 'overlap' });
      return null;
    } catch (error) {
      if (error instanceof PortError) return error.problem.message;
      if (error instanceof RequestFault) return error.message;
      throw error;
    }
  }
}
