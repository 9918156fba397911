import { z } from 'zod';
import { ROLES, type Role } from '#engine';

/** Whose tokens are good beside API keys, and what their claims mean. */
export interface OidcSettings {
  /** As it stands in `iss`, to the letter. */
  readonly issuer: string;
  /** What `aud` must name. */
  readonly audience: string;
  /** Where the roles or groups of the subject stand: the name of a claim, or a path with dots into one. */
  readonly rolesClaim: string;
  /** Roles by the values of that claim. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Where the ids of the fleets stand that the subject is confined to; null: nobody is. */
  readonly fleetsClaim: string | null;
}

const claim = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be the name of a claim');

const ROLES_FAULT = `must be JSON such as {"pki-admins":"admin"}, with the roles ${ROLES.join(', ')}`;
const Roles = z.record(z.string().min(1), z.enum(ROLES)).refine((roles) => Object.keys(roles).length > 0);

/** Variables of the environment, all of them left out where there is no issuer. */
export const OIDC_VARIABLES = {
  WINDLASS_OIDC_ISSUER: z
    .string()
    .refine(isIssuer, 'must be https://host/path without a query, or http:// on a loopback address')
    .optional(),
  WINDLASS_OIDC_AUDIENCE: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be what `aud` of the tokens names')
    .optional(),
  WINDLASS_OIDC_ROLES_CLAIM: claim.optional(),
  WINDLASS_OIDC_ROLES: z
    .string()
    .transform(parsedRoles)
    .refine((roles) => roles !== null, ROLES_FAULT)
    .optional(),
  WINDLASS_OIDC_FLEETS_CLAIM: claim.optional(),
};

type Found = z.output<z.ZodObject<typeof OIDC_VARIABLES>>;

/** Names what is missing of an issuer that is set, and what is set without one. */
export function oidcFaults(found: Found): readonly { readonly path: string; readonly message: string }[] {
  if (found.WINDLASS_OIDC_ISSUER === undefined) {
    const names = Object.keys(OIDC_VARIABLES) as (keyof Found)[];
    const set = names.filter((name) => found[name] !== undefined);
    return set.map((path) => ({ path, message: 'does nothing without WINDLASS_OIDC_ISSUER' }));
  }
  const needed = ['WINDLASS_OIDC_AUDIENCE', 'WINDLASS_OIDC_ROLES'] as const;
  return needed
    .filter((name) => found[name] === undefined)
    .map((path) => ({ path, message: 'is needed beside WINDLASS_OIDC_ISSUER' }));
}

/** Null where no issuer is set. */
export function oidcSettings(found: Found): OidcSettings | null {
  const {
    WINDLASS_OIDC_ISSUER: issuer,
    WINDLASS_OIDC_AUDIENCE: audience,
    WINDLASS_OIDC_ROLES: roles,
  } = found;
  if (issuer === undefined || audience === undefined || !roles) return null;
  const rolesClaim = found.WINDLASS_OIDC_ROLES_CLAIM ?? 'roles';
  return { issuer, audience, roles, rolesClaim, fleetsClaim: found.WINDLASS_OIDC_FLEETS_CLAIM ?? null };
}

/** OpenID Connect Discovery 1.0, section 3: a URL without query and fragment; a path may end with a slash or not. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[\s?#@]/.test(text)) return false;
  return isTrustworthyUrl(new URL(text));
}

/** Whether nobody on the way can answer in its place: https, or http that does not leave this machine. */
export function isTrustworthyUrl({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  return protocol === 'http:' && /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(hostname);
}

function parsedRoles(text: string): Readonly<Record<string, Role>> | null {
  try {
    return Roles.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
