import { STATUSES } from '#rotation';
import type { RotationStatus } from './states.js';

/** As it stands in the address; empty: any. */
export interface RotationFilter {
  readonly status: string;
  readonly fleetId: string;
}

/** In the place of a status: whatever has not ended. */
export const UNDER_WAY = 'under-way';
const NOT_ENDED: readonly RotationStatus[] = ['pending', 'running', 'paused', 'blocked'];

/** What the API is asked; a status that there is none of is not asked for. */
export function asked({ status, fleetId }: RotationFilter): { status?: RotationStatus[]; fleetId?: string } {
  const statuses = status === UNDER_WAY ? NOT_ENDED : STATUSES.filter((one) => one === status);
  return {
    ...(statuses.length > 0 ? { status: [...statuses] } : {}),
    ...(fleetId === '' ? {} : { fleetId }),
  };
}
