import { type ParentIssuer, PortError } from '#engine';
import { nameOf, type VaultPlace } from './vault-question.js';

/** What we refuse ourselves, after looking at what is in Vault. None of it passes by waiting. */

export function noDefaultIssuer(place: VaultPlace): PortError {
  return new PortError({
    code: 'ca.no-default-issuer',
    message: `${nameOf(place)} has no default issuer`,
    nextStep: `Set the issuer that clients get certificates from: vault write ${place.mount}/config/issuers default=<issuer>.`,
  });
}

/** `found` and `expected` are issuer ids. */
export function defaultMoved(place: VaultPlace, found: string, expected: string): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `the default issuer of ${nameOf(place)} is ${found || 'not set'}, expected was ${expected}: somebody else changed it`,
    nextStep: `Find out who did (Vault's audit log: ${place.mount}/config/issuers) and which issuer should be the default, set it, then retry.`,
  });
}

export function followsLatestAgain(place: VaultPlace): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `${nameOf(place)} follows the latest issuer again, although the default was pinned: somebody else changed it`,
    nextStep: `Find out who did (Vault's audit log: ${place.mount}/config/issuers), then retry; the default is pinned anew.`,
  });
}

/** Taking issuing from the default, or deleting it, would stop all issuing. */
export function isTheDefault(place: VaultPlace, name: string, intention: string): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `issuer ${name} is the default issuer of ${nameOf(place)}; to ${intention} would stop all issuing`,
    nextStep: `Somebody made it the default. Make the issuer that should issue the default (vault write ${place.mount}/config/issuers default=<issuer>), then retry.`,
  });
}

export function foreignIssuer(place: VaultPlace, name: string, found: string, expected: string): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `issuer ${name} of ${nameOf(place)} is for the common name ${found}, not ${expected}: it was not created by this rotation`,
    nextStep: 'Rename or delete that issuer, or start a rotation under another name.',
  });
}

/** `expected` are the issuers that the role may issue from in a rotation. */
export function roleChanged(
  place: VaultPlace,
  role: string,
  found: string,
  expected: readonly string[],
): PortError {
  return new PortError({
    code: 'ca.changed-by-others',
    message: `role ${role} of ${nameOf(place)} issues from ${found || 'no issuer'}, expected was ${expected.join(' or ')}: somebody else changed it`,
    nextStep: `Find out who did (Vault's audit log: ${place.mount}/roles/${role}), set its issuer_ref to one of these (vault patch ${place.mount}/roles/${role} issuer_ref=${expected[0]}), then retry.`,
  });
}

/** `place` is the parent's mount; `seconds` null where it signed nothing. */
export function lifetimeCutByParent(
  place: VaultPlace,
  { issuer }: ParentIssuer,
  seconds: number | null,
  wanted: number,
  detail?: string,
): PortError {
  const did = seconds === null ? 'signs no CA' : `signs a CA for no longer than ${seconds} s, and none`;
  return new PortError({
    code: 'ca.lifetime-cut',
    message: `${nameOf(place)} ${did} that lives ${wanted} s: its own issuer ${issuer} ends before, or the mount's max_lease_ttl is shorter`,
    nextStep:
      'Shorten caTtlSeconds of the fleet, or make the parent live longer: renew it, and raise max_lease_ttl of its mount; then start again.',
    ...(detail === undefined ? {} : { detail }),
  });
}

export function parentMaySignNoCa(place: VaultPlace, { issuer }: ParentIssuer, detail: string): PortError {
  return new PortError({
    code: 'ca.parent-refused',
    message: `issuer ${issuer} of ${nameOf(place)} may have no CA below it (pathlen of its basicConstraints, RFC 5280 4.2.1.9)`,
    nextStep: 'Name a parent that may sign CAs in signedBy of the issuing CA, then start again.',
    detail,
  });
}

export function noCrl(place: VaultPlace, issuerId: string): PortError {
  return new PortError({
    code: 'ca.no-crl',
    message: `${nameOf(place)} gives no CRL of issuer ${issuerId}`,
    nextStep: `Let the issuer sign one (usage crl-signing), see that CRLs are not switched off (vault read ${place.mount}/config/crl), then have them made: vault read ${place.mount}/crl/rotate.`,
  });
}

/** Vault shortens silently (a warning in a reply that succeeds), and a CA of days would be trusted as one of years. */
export function validityCut(place: VaultPlace, name: string, seconds: number, wanted: number): PortError {
  return new PortError({
    code: 'ca.failed',
    message: `${nameOf(place)} made issuer ${name} valid for ${seconds} s instead of ${wanted} s: the mount's max_lease_ttl cuts it`,
    nextStep: `Raise it (vault secrets tune -max-lease-ttl=${wanted}s ${place.mount}) or ask for a shorter CA lifetime, withdraw this issuer, then start again.`,
  });
}
