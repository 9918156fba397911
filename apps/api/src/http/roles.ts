import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { ApiKeyRole } from '#persistence';

export const ROLES = 'windlass:roles';

/** Who may use a route. Without it every key may read, and operators and admins may do everything else. */
export function Roles(...roles: readonly ApiKeyRole[]): CustomDecorator {
  return SetMetadata(ROLES, roles);
}
