import type { UntoldDrift, WebhookEvent } from '../ports/webhook-store.js';
import { cloudEvent } from './cloud-event.js';

/** Hosts that one body names; `outCount` counts them all. */
const MOST_HOSTS = 50;

/** What others are told of a look that found hosts that are not as recorded. Pure. */
export function driftNews(
  installation: string,
  { cursor, fleetId, fleetName, finding }: UntoldDrift,
): WebhookEvent {
  const { at, generation, hosts, out } = finding;
  const id = `${cursor.id}:${Date.parse(at)}:drift-found`;
  const type = 'dev.windlass.drift.found' as const;
  const data = {
    ...{ fleet: { id: fleetId, name: fleetName }, scheduleId: cursor.id },
    ...{ generation, hostCount: hosts, outCount: out.length },
    out: out.slice(0, MOST_HOSTS).map(({ hostId, host, state, problems }) => ({
      ...{ host: { id: hostId, name: host }, state },
      reasons: problems.map(({ code, message, nextStep }) => ({ code, message, nextStep })),
    })),
  };
  const event = cloudEvent(installation, { id, type, subject: `/v1/fleets/${fleetId}`, time: at, data });
  return { id, type, fleetIds: [fleetId], at, body: JSON.stringify(event) };
}
