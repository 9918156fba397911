import { type FleetSnapshot, fleetsOf, resultOf } from '#rotation';
import { anchorsOf, composeGeneration, markerName, parseBundle, trustDiff } from '#trust';
import type { Generation } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { caLabel, issuerById, oldIssuerId } from './ca-effects.js';
import { type EffectContext, required } from './context.js';

/**
 * Builds and records the overlap generation (what is trusted today, and the new CA) and the one after it
 * (the same without the old CA). Anchors of other CAs in the bundle stay in both: they are not ours to drop.
 */
export async function buildGenerations(context: EffectContext) {
  const [first, ...others] = fleetsOf(context.state.snapshot);
  const built = await buildFor(context, required(first ?? null, 'a fleet was asked for'));
  const otherFleets = [];
  for (const other of others) {
    const fleet = await context.ports.fleets.fleet(other.fleetId);
    otherFleets.push({ fleetId: other.fleetId, ...(await buildFor({ ...context, fleet }, other)) });
  }
  return { ...built, otherFleets };
}

async function buildFor(context: EffectContext, snapshot: FleetSnapshot) {
  const { ports, fleet, state } = context;
  const old = await ports.fleets.generation(snapshot.old.id);
  const anchors = anchorsOf(parseBundle(old.content));
  const oldCa = await anchorOf(context, oldIssuerId(context));
  if (!anchors.some(({ fingerprint }) => fingerprint === oldCa.fingerprint))
    throw notAnAnchor(context, oldCa.subject);
  const prepared = required(resultOf(state, 'ca.prepare'), 'ca.prepare');
  const newCa = await anchorOf(context, prepared.issuerId);
  const kept = anchors.filter(({ fingerprint }) => fingerprint !== oldCa.fingerprint);
  const overlap = await record(
    context,
    [...anchors, newCa].map(({ pem }) => pem),
  );
  const next = await record(
    context,
    [...kept, newCa].map(({ pem }) => pem),
  );
  return {
    overlap: reference(overlap),
    next: reference(next),
    trustDiff: trustDiff(parseBundle(old.content), parseBundle(next.content)).text,
    fleet: fleet.name,
  };
}

async function anchorOf(context: EffectContext, issuerId: string) {
  const issuer = await issuerById(context, issuerId);
  const [certificate] = parseBundle(issuer.certificatePem).certificates;
  if (certificate?.isCa) return certificate;
  throw new PortError({
    code: 'ca.not-a-ca',
    message: `Issuer ${issuer.name || issuer.id} of ${caLabel(context.fleet.issuingCa)} is not a CA certificate.`,
    nextStep: 'Remove it from the mount; a bundle with a leaf in it refuses every client.',
  });
}

async function record(context: EffectContext, anchorsPem: readonly string[]): Promise<Generation> {
  const { ports, fleet } = context;
  const number = await ports.fleets.nextGenerationNumber(fleet.id);
  const plain = composeGeneration({ anchorsPem, markerPem: null });
  const markerPem = await ports.mint.marker(markerName(fleet.name, number, plain.digest));
  const composed = composeGeneration({ anchorsPem, markerPem });
  return ports.fleets.addGeneration(fleet.id, composed);
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
