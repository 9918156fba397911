import type { Self } from '../../session/session.js';

type Roles = Pick<Self, 'roles'>;

/** Starts rotations and tells them what to do. */
export function mayOperate({ roles }: Roles): boolean {
  return roles.includes('operator') || roles.includes('admin');
}

/** Approves of what somebody else asked for. */
export function mayApprove({ roles }: Roles): boolean {
  return roles.includes('approver') || roles.includes('admin');
}
