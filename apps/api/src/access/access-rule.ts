import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { Role } from '#engine';

/**
 * What a route works on, which must be in the scope of the caller:
 * `fleet`, the one in the path;
 * `issuing-ca`, all fleets that trust the issuing CA of the one in the path;
 * `rotation`, all fleets of the one in the path;
 * `own-fleets`, what the handler finds out, which confines itself to {@link Caller.fleets};
 * `nothing`, what the caller sends and no record;
 * `installation`, everything.
 */
export type Reach = 'fleet' | 'issuing-ca' | 'rotation' | 'own-fleets' | 'nothing' | 'installation';

/** Who may use a route; `everybody` needs no key. */
export type AccessRule = 'everybody' | { readonly roles: readonly Role[]; readonly reach: Reach };

export const ACCESS = 'windlass:access';

/** Opens a route to everybody. */
export const MayAnybody = (): CustomDecorator => SetMetadata(ACCESS, 'everybody' satisfies AccessRule);
/** Opens a route to all roles. */
export const MayRead = (reach: Reach) => allow(['viewer', 'operator', 'approver', 'admin'], reach);
/** Opens a route to those who change things. */
export const MayOperate = (reach: Reach) => allow(['operator', 'admin'], reach);
/** Opens a route to second persons. */
export const MayApprove = (reach: Reach) => allow(['approver', 'admin'], reach);
/** Opens a route to those who say who may do what. */
export const MayAdminister = (reach: Reach) => allow(['admin'], reach);

function allow(roles: readonly Role[], reach: Reach): CustomDecorator {
  return SetMetadata(ACCESS, { roles, reach } satisfies AccessRule);
}
