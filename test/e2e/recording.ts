import { aFleetBody, aHostBody } from './bodies.js';
import type { RunningApi } from './running-api.js';

/** Records a fleet with so many hosts over HTTP; returns its id. */
export async function recordFleet(
  api: RunningApi,
  hosts = 1,
  over: Record<string, unknown> = {},
): Promise<string> {
  const fleet = await api.call('POST', '/v1/fleets', { body: await aFleetBody(over) });
  if (fleet.status !== 201) throw new Error(`the fleet was not recorded: ${fleet.text}`);
  const { id } = fleet.body;
  if (hosts === 0) return id;
  const bodies = Array.from({ length: hosts }, () => aHostBody());
  const enrolled = await api.call('POST', `/v1/fleets/${id}/hosts`, { body: { hosts: bodies } });
  if (enrolled.status !== 201) throw new Error(`the hosts were not enrolled: ${enrolled.text}`);
  return id;
}

/** For a command to a rotation in whatever state it is. */
export const ANY_STATE = { 'If-Match': '*' } as const;

/** Asks for a rotation over HTTP; returns its id. */
export async function requestRotation(api: RunningApi, fleetId: string, reason = 'a test'): Promise<string> {
  const reply = await api.call('POST', '/v1/rotations', { body: { fleetId, reason } });
  if (reply.status !== 202) throw new Error(`the rotation was not taken: ${reply.text}`);
  return reply.body.id;
}
