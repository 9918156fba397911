/** What somebody who is known may be. An `admin` may do all that the others may. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];
