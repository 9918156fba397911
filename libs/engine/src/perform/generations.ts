import { type FleetSnapshot, fleetsOf, resultOf } from '#rotation';
import {
  anchorsOf,
  type BundleCertificate,
  composeGeneration,
  type Finding,
  lintBundle,
  markerName,
  parseBundle,
  trustDiff,
} from '#trust';
import type { Generation } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { issuerById, oldIssuerId } from './ca-effects.js';
import { capitalised } from './capitalised.js';
import { type EffectContext, required } from './context.js';
import { caCertificate, caLabel, checkNewCa } from './issuer-certificate.js';

/**
 * Builds and records the overlap generation (what is trusted today, and the new CA) and the one after it
 * (the same without the old CA). Anchors of other CAs in the bundle stay in both: they are not ours to drop.
 * Nothing is recorded unless nginx would accept the clients of every anchor in both (F22).
 */
export async function buildGenerations(context: EffectContext) {
  const composed: Composed[] = [];
  for (const snapshot of fleetsOf(context.state.snapshot)) {
    const fleet = await context.ports.fleets.fleet(snapshot.fleetId);
    composed.push(await compose({ ...context, fleet }, snapshot));
  }
  const built = [];
  for (const one of composed) built.push(await recordBoth(one));
  const [first, ...otherFleets] = built;
  return { ...required(first ?? null, 'a fleet was asked for'), otherFleets };
}

/** The anchors of both generations of one fleet, checked and not yet recorded. */
interface Composed {
  readonly context: EffectContext;
  readonly old: Generation;
  readonly overlap: readonly BundleCertificate[];
  readonly next: readonly BundleCertificate[];
}

async function compose(context: EffectContext, snapshot: FleetSnapshot): Promise<Composed> {
  const old = await context.ports.fleets.generation(snapshot.old.id);
  const anchors = anchorsOf(parseBundle(old.content));
  const oldCa = await oldAnchor(context, anchors);
  const newCa = await newAnchor(context, anchors);
  const overlap = [...anchors, newCa];
  const next = overlap.filter(({ fingerprint }) => fingerprint !== oldCa.fingerprint);
  checkBundle(context, anchors, 'overlap', overlap);
  checkBundle(context, anchors, 'new-only', next);
  return { context, old, overlap, next };
}

async function recordBoth({ context, old, overlap, next }: Composed) {
  const { id: fleetId, name } = context.fleet;
  const both = await record(context, overlap);
  const alone = await record(context, next);
  return {
    fleetId,
    overlap: reference(both),
    next: reference(alone),
    trustDiff: trustDiff(parseBundle(old.content), parseBundle(alone.content)).text,
    fleet: name,
  };
}

async function oldAnchor(context: EffectContext, anchors: readonly BundleCertificate[]) {
  const issuer = await issuerById(context, oldIssuerId(context));
  const certificate = caCertificate(issuer, context.fleet.issuingCa);
  if (anchors.some(({ fingerprint }) => fingerprint === certificate.fingerprint)) return certificate;
  throw notAnAnchor(context, certificate.subject);
}

async function newAnchor(context: EffectContext, anchors: readonly BundleCertificate[]) {
  const { ports, fleet, state } = context;
  const prepared = required(resultOf(state, 'ca.prepare'), 'ca.prepare');
  const issuer = await issuerById(context, prepared.issuerId);
  const certificate = caCertificate(issuer, fleet.issuingCa);
  const { fingerprint = null } = prepared;
  checkNewCa(certificate, issuer, fleet.issuingCa, { fingerprint, anchors, now: ports.clock.now() });
  return certificate;
}

/** What is wrong with the bundle of today already is not made worse by a rotation, and keeps nobody from one. */
function checkBundle(
  { ports, fleet }: EffectContext,
  today: readonly BundleCertificate[],
  which: 'overlap' | 'new-only',
  certificates: readonly BundleCertificate[],
): void {
  const now = ports.clock.now();
  const known = errorsIn(today, now).map(withoutPlace);
  const finding = errorsIn(certificates, now).find((error) => !known.includes(withoutPlace(error)));
  if (!finding) return;
  throw new PortError({
    code: finding.code,
    message: `The ${which} bundle of fleet ${fleet.name} would refuse clients: ${finding.message}.`,
    nextStep: `${capitalised(finding.nextStep)}, then start again.`,
  });
}

function errorsIn(certificates: readonly BundleCertificate[], now: number): readonly Finding[] {
  const { content } = composeGeneration({ anchorsPem: pemsOf(certificates), markerPem: null });
  return lintBundle(parseBundle(content), now).filter(({ severity }) => severity === 'error');
}

/** The same certificate stands at another place in another bundle. */
function withoutPlace({ code, message }: Finding): string {
  return `${code} ${message.replace(/certificate \d+ \(line \d+/g, 'certificate (')}`;
}

async function record(context: EffectContext, anchors: readonly BundleCertificate[]): Promise<Generation> {
  const { ports, fleet } = context;
  const anchorsPem = pemsOf(anchors);
  const number = await ports.fleets.nextGenerationNumber(fleet.id);
  const plain = composeGeneration({ anchorsPem, markerPem: null });
  const markerPem = await ports.mint.marker(markerName(fleet.name, number, plain.digest));
  const composed = composeGeneration({ anchorsPem, markerPem });
  return ports.fleets.addGeneration(fleet.id, composed);
}

function pemsOf(certificates: readonly BundleCertificate[]): readonly string[] {
  return certificates.map(({ pem }) => pem);
}

function reference({ id, number, digest, marker }: Generation) {
  return { id, number, digest, marker };
}

function notAnAnchor({ fleet }: EffectContext, subject: string): PortError {
  return new PortError({
    code: 'ca.not-in-bundle',
    message: `The default issuer of ${caLabel(fleet.issuingCa)}, ${subject}, is not an anchor of the bundle that fleet ${fleet.name} serves.`,
    nextStep: 'Record the bundle that the hosts really serve, or name the PKI mount whose CA is in it.',
  });
}
