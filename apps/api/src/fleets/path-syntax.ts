/** A path in Vault, as Windlass takes it: no slashes at its ends, no way out of it. */
export const PATH_SYNTAX = /^(?!.*\.\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;
export const PATH_ERROR = 'must be a path such as "pki" or "team/pki", without slashes at the ends';
