/** Which group a CA belongs to. */
export const GROUP_TAG = 'windlass-group';

/** Under which name a rotation made the CA. */
export const NAME_TAG = 'windlass-name';

/**
 * A whole number from 1 on; clients get their certificates from the CA of the group with the highest. AWS Private CA
 * has no default issuer, so whoever enrols reads this.
 */
export const RANK_TAG = 'windlass-default';
