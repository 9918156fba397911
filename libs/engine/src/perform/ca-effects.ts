import { X509Certificate } from 'node:crypto';
import { resultOf } from '#rotation';
import type { CaSurvey, IssuedLeaf, Issuer, IssuingCa } from '../ports/ca-source.js';
import { PortError } from '../ports/problem.js';
import { type EffectContext, required } from './context.js';
import { endOf } from './expectations.js';
import { caCertificate, caLabel, defaultSetting } from './issuer-certificate.js';
import { refuseOtherDefault, refuseStrayRoles, surveyRoles } from './mount-checks.js';

/** A probe leaf outlives the soak by this much, so that the negative probe after it still means something. */
const PROBE_LEAF_MARGIN_SECONDS = 2 * 3600;
/** Below this a probe leaf could expire in the middle of the rotation. */
const LEAST_CA_LIFETIME_SECONDS = 600;

export async function survey({ ports, fleet }: EffectContext) {
  const found = await ports.ca.survey(fleet.issuingCa);
  const roles = surveyRoles(found, fleet.issuingCa);
  if (!found.issuers.some(({ id }) => id === found.defaultIssuerId)) {
    throw new PortError({
      code: 'ca.no-default-issuer',
      message: `${caLabel(fleet.issuingCa)} has no default issuer.`,
      nextStep:
        fleet.issuingCa.kind === 'upload'
          ? 'Upload the CA that clients get certificates from.'
          : 'Set one: vault write <mount>/config/issuers default=<issuer>.',
    });
  }
  return {
    product: found.product,
    defaultIssuerId: found.defaultIssuerId,
    defaultFollowsLatest: found.defaultFollowsLatest,
    ...(found.byHand ? { byHand: true } : {}),
    ...roles,
  };
}

/** The name carries the rotation's id, so that a lost reply never makes a second issuer (F44). */
export function issuerName(rotationId: string): string {
  return `windlass-${rotationId}`;
}

export async function prepare({ ports, fleet, state }: EffectContext) {
  const { rotationId, caTtlSeconds, soakSeconds } = state.snapshot;
  const issuer = await ports.ca.prepareIssuer(fleet.issuingCa, {
    name: issuerName(rotationId),
    commonName: `${fleet.name.slice(0, 40)} client CA ${rotationId.slice(0, 8)}`,
    ttlSeconds: caTtlSeconds,
  });
  const { subject, notAfter, fingerprint } = caCertificate(issuer, fleet.issuingCa);
  if (resultOf(state, 'ca.survey')?.byHand) {
    // What stands for the new CA's clients exists already; later would be when the hosts trust both.
    const request = { issuerId: issuer.id, commonName: 'windlass', ttlSeconds: soakSeconds };
    const leaf = await ports.ca.issueLeaf(fleet.issuingCa, request);
    refuseShortLived({ ports, fleet }, leaf, soakSeconds + PROBE_LEAF_MARGIN_SECONDS, soakSeconds);
  }
  return {
    issuerId: issuer.id,
    issuerName: issuer.name,
    subject,
    notAfter: new Date(notAfter).toISOString(),
    fingerprint,
  };
}

export async function issuerById(context: EffectContext, issuerId: string): Promise<Issuer> {
  return issuerIn(await context.ports.ca.survey(context.fleet.issuingCa), context, issuerId);
}

function issuerIn({ issuers }: CaSurvey, context: EffectContext, issuerId: string): Issuer {
  const issuer = issuers.find(({ id }) => id === issuerId);
  if (issuer) return issuer;
  throw new PortError({
    code: 'ca.unknown-issuer',
    message: `Issuer ${issuerId} is gone from ${caLabel(context.fleet.issuingCa)}.`,
    nextStep: 'Somebody removed it in mid-rotation; find out who, then abort or retry.',
  });
}

function newIssuerId({ state }: EffectContext): string {
  return required(resultOf(state, 'ca.prepare'), 'ca.prepare').issuerId;
}

export function oldIssuerId({ state }: EffectContext): string {
  return required(resultOf(state, 'ca.survey'), 'ca.survey').defaultIssuerId;
}

/** Issues the leaf that stands for every client of one of the two CAs, unless there is one in date, and keeps it sealed. */
export async function probeLeaf(context: EffectContext, role: 'old' | 'new') {
  const { ports, fleet, state } = context;
  const { rotationId, soakSeconds, contractWhen } = state.snapshot;
  const known = await ports.rotations.leaf(rotationId, role);
  // An activation that was paused may have outlived it.
  if (known && secondsLeft(context, known) > LEAST_CA_LIFETIME_SECONDS / 2) return {};
  const issuerId = role === 'old' ? oldIssuerId(context) : newIssuerId(context);
  const issuer = await issuerById(context, issuerId);
  const notAfter = Date.parse(new X509Certificate(issuer.certificatePem).validTo);
  const left = Math.floor((notAfter - ports.clock.now()) / 1000) - 60;
  if (left < LEAST_CA_LIFETIME_SECONDS + soakSeconds) throw expiring(issuer, notAfter);
  const leaf = await ports.ca.issueLeaf(fleet.issuingCa, {
    issuerId,
    commonName: `windlass-probe-${rotationId.slice(0, 8)}-${role}`,
    // Behind a gate the old CA may stay for as long as its clients do, and the probe leaf is one of them.
    ttlSeconds: contractWhen === 'unused' ? left : Math.min(soakSeconds + PROBE_LEAF_MARGIN_SECONDS, left),
  });
  refuseShortLived(context, leaf, soakSeconds + LEAST_CA_LIFETIME_SECONDS / 2, soakSeconds);
  await ports.rotations[known ? 'replaceLeaf' : 'saveLeaf'](rotationId, role, leaf);
  return {};
}

function secondsLeft({ ports }: Pick<EffectContext, 'ports'>, { certificatePem }: IssuedLeaf): number {
  return (endOf(certificatePem) - ports.clock.now()) / 1000;
}

/** A leaf of the old CA must still be in date when the old CA is dropped, or its refusal would prove nothing. */
function refuseShortLived(
  { ports, fleet }: Pick<EffectContext, 'ports' | 'fleet'>,
  leaf: IssuedLeaf,
  neededSeconds: number,
  soakSeconds: number,
): void {
  if (secondsLeft({ ports }, leaf) >= neededSeconds) return;
  throw cutShort(fleet.issuingCa, endOf(leaf.certificatePem), soakSeconds);
}

function cutShort(ca: IssuingCa, expiry: number, soakSeconds: number): PortError {
  if (ca.kind === 'upload') return uploadedTooShort(ca, expiry, soakSeconds);
  if (ca.kind === 'aws-pca') return shortLivedMode(ca, expiry, soakSeconds);
  return new PortError({
    code: 'ca.lifetime-cut',
    message: `Role "${ca.role}" of ${caLabel(ca)} issues only until ${new Date(expiry).toISOString()}, and the soak takes ${soakSeconds} s: the probe certificate would be expired when it is needed.`,
    nextStep:
      'Raise max_ttl of the role, name another role of the fleet for probes, or shorten soakSeconds of the fleet.',
  });
}

function uploadedTooShort(ca: IssuingCa, expiry: number, soakSeconds: number): PortError {
  return new PortError({
    code: 'ca.lifetime-cut',
    message: `The client with which hosts are probed for the ${caLabel(ca)} ends at ${new Date(expiry).toISOString()}, and the soak takes ${soakSeconds} s: it would be expired when it is needed.`,
    nextStep:
      'Upload the same CA with a client that lives longer (POST /v1/fleets/<id>/uploaded-cas), or shorten soakSeconds of the fleet.',
  });
}

function shortLivedMode(ca: IssuingCa, expiry: number, soakSeconds: number): PortError {
  return new PortError({
    code: 'ca.lifetime-cut',
    message: `${caLabel(ca)} issues only until ${new Date(expiry).toISOString()}, and the soak takes ${soakSeconds} s: the probe certificate would be expired when it is needed.`,
    nextStep: 'Shorten soakSeconds of the fleet, or let CAs issue that are not for short-lived certificates.',
  });
}

function expiring(issuer: Issuer, notAfter: number): PortError {
  return new PortError({
    code: 'ca.expires-too-soon',
    message: `The CA ${issuer.name || issuer.id} expires at ${new Date(notAfter).toISOString()}, before the soak would end.`,
    nextStep: 'Shorten soakSeconds of the fleet so that the overlap fits into the time that is left.',
  });
}

export async function allowNew(context: EffectContext) {
  await context.ports.ca.setIssuing(context.fleet.issuingCa, newIssuerId(context), true);
  return {};
}

export async function switchDefault(context: EffectContext) {
  await context.ports.ca.switchDefault(context.fleet.issuingCa, oldIssuerId(context), newIssuerId(context));
  return {};
}

/** Roles that name an issuer do not follow the default: those that named the old one get to name the new one. */
export async function moveRoles(context: EffectContext) {
  const { ports, fleet, state } = context;
  const roles = resultOf(state, 'ca.survey')?.pinnedRoles ?? [];
  for (const { name, issuerRef } of roles) {
    await ports.ca.moveRole(fleet.issuingCa, name, issuerRef, newIssuerId(context));
  }
  return { moved: roles.map(({ name }) => name) };
}

/** Issues through the default path and looks at who signed: the switch is believed only when it is seen. */
export async function verifyDefault(context: EffectContext) {
  const { ports, fleet, state } = context;
  const { issuingCa } = fleet;
  const found = await ports.ca.survey(issuingCa);
  refuseOtherDefault(found, issuingCa, newIssuerId(context));
  // What is written down here of a CA that people switch says nothing of what it does.
  if (found.byHand) return { byHand: true };
  // Any client may use any role, and the leaf below comes from one of them.
  refuseStrayRoles(found, context);
  const leaf = await ports.ca.issueLeaf(issuingCa, {
    issuerId: null,
    commonName: `windlass-check-${state.snapshot.rotationId.slice(0, 8)}`,
    ttlSeconds: 300,
  });
  const issuer = issuerIn(found, context, newIssuerId(context));
  const signedByNew = new X509Certificate(leaf.certificatePem).verify(
    new X509Certificate(issuer.certificatePem).publicKey,
  );
  if (signedByNew) return {};
  throw new PortError({
    code: 'ca.changed-by-others',
    message: `The default path of ${caLabel(issuingCa)} still issues from another CA after the switch.`,
    nextStep: `Find who changes ${defaultSetting(issuingCa)} or the role, then resume the rotation.`,
  });
}

export async function restrictOld(context: EffectContext) {
  await context.ports.ca.setIssuing(context.fleet.issuingCa, oldIssuerId(context), false);
  return {};
}

/** The CA goes back to issuing from OLD; the fleet keeps trusting both, so nobody is refused. */
export async function fallBack(context: EffectContext) {
  const { ports, fleet } = context;
  const [oldId, newId] = [oldIssuerId(context), newIssuerId(context)];
  await ports.ca.setIssuing(fleet.issuingCa, oldId, true);
  await ports.ca.switchDefault(fleet.issuingCa, newId, oldId);
  for (const { name, issuerRef } of resultOf(context.state, 'ca.survey')?.pinnedRoles ?? []) {
    await ports.ca.moveRole(fleet.issuingCa, name, newId, issuerRef);
  }
  await ports.ca.setIssuing(fleet.issuingCa, newId, false);
  return {};
}

export async function withdraw({ ports, fleet, state }: EffectContext) {
  const surveyed = required(resultOf(state, 'ca.survey'), 'ca.survey');
  await ports.ca.withdrawIssuer(
    fleet.issuingCa,
    issuerName(state.snapshot.rotationId),
    surveyed.defaultFollowsLatest,
  );
  return {};
}
