import { courseOf, type PinnedRole, resultOf } from '#rotation';
import type { CaSurvey, IssuingCa } from '../ports/ca-source.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, required } from './context.js';
import { caLabel, defaultSetting } from './issuer-certificate.js';
import { renewCrls } from './renew-crls.js';
import { renewNewLeaf } from './renew-leaf.js';

/** The roles that a switch of the default does not reach, as a rotation that moves them journals it. */
interface SurveyedRoles {
  readonly pinnedRoles?: readonly PinnedRole[];
  readonly otherRoles?: readonly PinnedRole[];
}

/**
 * Which roles move with the default, and which name an issuer of somebody else. Throws `ca.role-pins-issuer` where they
 * are not to be moved, and for the role of our own probes where it names another issuer than the default one.
 */
export function surveyRoles(found: CaSurvey, ca: IssuingCa): SurveyedRoles {
  if (ca.kind !== 'vault' || ca.pinnedRoles !== 'move') {
    refusePinnedRoles(found.roles, ca);
    return {};
  }
  const pinnedRoles = rolesOf(found, found.defaultIssuerId);
  const otherRoles = pinning(found.roles).filter((role) => !pinnedRoles.includes(role));
  refusePinnedRoles(
    otherRoles.filter(({ name }) => name === ca.role),
    ca,
  );
  return { pinnedRoles, ...(otherRoles.length > 0 ? { otherRoles } : {}) };
}

/** Throws `ca.role-pins-issuer` for roles that a switch of the default would not reach. */
export function refusePinnedRoles(roles: CaSurvey['roles'], ca: IssuingCa): void {
  const pinned = pinning(roles);
  if (pinned.length === 0) return;
  throw new PortError({
    code: 'ca.role-pins-issuer',
    message: `Roles of ${caLabel(ca)} pin an issuer and do not follow the default: ${named(pinned)}.`,
    nextStep:
      'Set issuer_ref of these roles to "default", or have Windlass move them (pinnedRoles of the issuing CA); then start or resume the rotation.',
  });
}

/**
 * After the switch every role that moves names the new issuer and none names the old one. Throws `ca.changed-by-others`
 * naming the role, `ca.role-pins-issuer`.
 */
export function refuseStrayRoles(found: CaSurvey, { fleet, state }: EffectContext): void {
  const { defaultIssuerId: oldId, pinnedRoles } = required(resultOf(state, 'ca.survey'), 'ca.survey');
  if (pinnedRoles === undefined) {
    refusePinnedRoles(found.roles, fleet.issuingCa);
    return;
  }
  const { issuerId: newId } = required(resultOf(state, 'ca.prepare'), 'ca.prepare');
  const following = rolesOf(found, newId);
  const moved = found.roles.filter(({ name }) => pinnedRoles.some((role) => role.name === name));
  const [stray] = moved.filter((role) => !following.includes(role));
  if (stray !== undefined) {
    throw new PortError({
      code: 'ca.changed-by-others',
      message: `Role ${stray.name} of ${caLabel(fleet.issuingCa)} was moved to the new issuer and issues from ${stray.issuerRef}: somebody changed it in mid-rotation.`,
      nextStep: `Find who changes the role; set its issuer_ref to ${newId}, then resume the rotation.`,
    });
  }
  refusePinnedRoles(rolesOf(found, oldId), fleet.issuingCa);
}

function pinning(roles: CaSurvey['roles']): readonly PinnedRole[] {
  return roles.filter(({ issuerRef }) => issuerRef !== 'default' && issuerRef !== '');
}

/** The roles that name the issuer, by its id or its name. */
function rolesOf({ roles, issuers }: CaSurvey, issuerId: string): readonly PinnedRole[] {
  const { name = '' } = issuers.find(({ id }) => id === issuerId) ?? {};
  return pinning(roles).filter(({ issuerRef }) => issuerRef === issuerId || issuerRef === name);
}

function named(roles: readonly PinnedRole[]): string {
  return roles.map(({ name, issuerRef }) => `${name} -> ${issuerRef}`).join(', ');
}

/** Throws `ca.changed-by-others` unless the new issuer is the one that clients get certificates from. */
export function refuseOtherDefault(found: CaSurvey, ca: IssuingCa, newIssuerId: string): void {
  if (found.defaultIssuerId === newIssuerId) return;
  const { name = '' } = found.issuers.find(({ id }) => id === found.defaultIssuerId) ?? {};
  throw new PortError({
    code: 'ca.changed-by-others',
    message: `The default issuer of ${caLabel(ca)} is ${name || found.defaultIssuerId}, and not the new one: somebody changed it in mid-rotation.`,
    nextStep: `Find who changes ${defaultSetting(ca)}; make the new issuer the default again, then resume the rotation.`,
  });
}

/** Throws `ca.changed-by-others` where nobody can renew: whoever still holds an old certificate could never leave it. */
export function refuseMuteIssuer({ issuers }: CaSurvey, ca: IssuingCa, newIssuerId: string): void {
  const issuer = issuers.find(({ id }) => id === newIssuerId);
  if (issuer?.usage.includes('issuing-certificates')) return;
  throw new PortError({
    code: 'ca.changed-by-others',
    message: `The new issuer ${issuer?.name || newIssuerId} of ${caLabel(ca)} may not issue certificates any more, so no client can renew.`,
    nextStep:
      'Find who took the usage issuing-certificates from it; give it back, let the clients renew, then resume the rotation.',
  });
}

/**
 * Before a contract, what a long soak may have outlived is made anew: the leaf of the new CA, and the CRLs of the
 * new-only generations. Throws `ca.changed-by-others` where the CA moved and is not as the activation left it.
 */
export async function checkRetired(context: EffectContext) {
  if (courseOf(context.state).movesCa) {
    await renewNewLeaf(context, await soleIssuer(context));
  }
  return renewCrls(context);
}

/** The id of the new issuer: what clients hold and get is of it, and nothing else issues. */
async function soleIssuer(context: EffectContext): Promise<string> {
  const { ports, fleet, state } = context;
  const { issuingCa } = fleet;
  const found = await ports.ca.survey(issuingCa);
  const { issuerId: newId } = required(resultOf(state, 'ca.prepare'), 'ca.prepare');
  refuseOtherDefault(found, issuingCa, newId);
  refuseMuteIssuer(found, issuingCa, newId);
  refuseStrayRoles(found, context);
  const { defaultIssuerId: oldId } = required(resultOf(state, 'ca.survey'), 'ca.survey');
  const old = found.issuers.find(({ id }) => id === oldId);
  if (!old?.usage.includes('issuing-certificates')) return newId;
  throw new PortError({
    code: 'ca.changed-by-others',
    message: `The old issuer ${old.name || old.id} of ${caLabel(issuingCa)} may issue certificates again: its clients would be shut out.`,
    nextStep:
      'Find who gave it back the usage issuing-certificates; take it away, let its new clients renew, then resume the rotation.',
  });
}
