import { type Self, useSession } from './session.js';

/** What the API lets somebody do, as docs/access.md has it. The API judges anyway; this says what to offer. */
export interface May {
  /** Start, hold and change what belongs to their fleets. */
  readonly change: boolean;
  /** Approve of what somebody else asked for. */
  readonly approve: boolean;
  readonly addFleets: boolean;
  readonly readAudit: boolean;
  readonly keepKeys: boolean;
  readonly readWebhooks: boolean;
  readonly keepWebhooks: boolean;
}

export function mayOf({ roles, fleets }: Pick<Self, 'roles' | 'fleets'>): May {
  const admin = roles.includes('admin');
  const change = admin || roles.includes('operator');
  // What belongs to no fleet is not for those who are confined to some.
  const everywhere = fleets === null;
  const approve = admin || roles.includes('approver');
  return {
    ...{ change, approve },
    addFleets: change && everywhere,
    readAudit: approve && everywhere,
    keepKeys: admin && everywhere,
    readWebhooks: everywhere,
    keepWebhooks: admin && everywhere,
  };
}

/** Of whoever is signed in. */
export function useMay(): May {
  return mayOf(useSession().self);
}
