import type { Self } from '../../session/session.js';

/** Starts rotations and tells them what to do. */
export function mayOperate({ role }: Pick<Self, 'role'>): boolean {
  return role === 'operator' || role === 'admin';
}

/** Approves of what somebody else asked for. */
export function mayApprove({ role }: Pick<Self, 'role'>): boolean {
  return role === 'approver' || role === 'admin';
}
