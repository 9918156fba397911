import { type JWTPayload } from 'jose';
import type { Role } from '#engine';
import type { OidcSettings } from '#platform';
import { badToken, unmappedToken } from './access-faults.js';
import type { Caller } from './caller.js';

/** OpenID Connect Core 1.0, section 2. */
const MOST_SUBJECT = 255;
const MOST_NAME = 100;
const ALL_FLEETS = '*';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Who a token speaks of, once it is known to be good. Throws RequestFault `oidc.unmapped` naming the claim that gives
 * no role or no fleet, and `request.unauthorised` where there is no usable subject.
 */
export function callerOfClaims(claims: JWTPayload, settings: OidcSettings): Caller {
  return {
    kind: 'oidc',
    id: oidcActor(settings.issuer, subjectOf(claims)),
    name: nameOf(claims),
    roles: rolesOf(claims, settings),
    fleets: fleetsOf(claims, settings),
    until: claims.exp === undefined ? null : claims.exp * 1000,
  };
}

/** The subject is escaped: it may hold what separates the parts of an actor. */
export function oidcActor(issuer: string, subject: string): string {
  return `oidc:${issuer}#${encodeURIComponent(subject)}`;
}

/** Whether a subject can be one (OpenID Connect Core 1.0, section 2). */
export function isSubject(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= MOST_SUBJECT && !/\p{Cs}/u.test(text);
}

function subjectOf({ sub }: JWTPayload): string {
  if (!isSubject(sub)) throw badToken('names no usable subject');
  return sub;
}

/** What people call themselves; the subject, which may say nothing to anybody, comes last. */
function nameOf({ name, preferred_username, email, sub }: JWTPayload): string {
  const texts = [name, preferred_username, email, sub].filter((one) => typeof one === 'string' && one !== '');
  return String(texts[0] ?? '')
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '')
    .slice(0, MOST_NAME);
}

function rolesOf(claims: JWTPayload, { roles, rolesClaim }: OidcSettings): readonly Role[] {
  const values = valuesAt(claims, rolesClaim);
  const mapped = Object.entries(roles).flatMap(([value, role]) => (values.includes(value) ? [role] : []));
  if (mapped.length > 0) return [...new Set(mapped)];
  throw unmappedToken(
    `${rolesClaim} of this token gives no role here: it has none of ${Object.keys(roles).join(', ')}`,
    'Have the issuer put one of these into the token, or map what it holds in WINDLASS_OIDC_ROLES.',
  );
}

function fleetsOf(claims: JWTPayload, { fleetsClaim }: OidcSettings): readonly string[] | null {
  if (fleetsClaim === null) return null;
  const values = valuesAt(claims, fleetsClaim);
  if (values.includes(ALL_FLEETS)) return null;
  const ids = values.filter((value) => UUID.test(value)).map((value) => value.toLowerCase());
  if (ids.length > 0) return ids;
  throw unmappedToken(
    `${fleetsClaim} of this token names no fleet`,
    `Have the issuer put the ids of fleets into it, or "${ALL_FLEETS}" for all.`,
  );
}

/** The texts at a claim: its name as it stands, else a path; a single text is several where it has spaces, as `scope`. */
function valuesAt(claims: JWTPayload, claim: string): readonly string[] {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : at(claims, claim.split('.'));
  if (typeof value === 'string') return [value, ...value.split(' ')];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function at(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return at((value as Record<string, unknown>)[name], rest);
}
