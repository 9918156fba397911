import { type FleetSnapshot, resultOf, type StillTrusted, type Strategy } from '#rotation';
import {
  anchorsOf,
  type BundleCertificate,
  chainAbove,
  holdsCa,
  isNamed,
  mayHaveIssued,
  parseBundle,
  withoutAnchors,
  withoutCa,
} from '#trust';
import { anchorsIn } from '../generation-anchors.js';
import type { Fleet, Generation } from '../ports/fleet-store.js';
import { PortError } from '../ports/problem.js';
import { issuerById, oldIssuerId } from './ca-effects.js';
import { type EffectContext, required } from './context.js';
import { caCertificate, caLabel, checkNewCa, parentsOf } from './issuer-certificate.js';
import { refuseShallowHosts } from './verify-depth.js';

type Anchors = readonly BundleCertificate[];

/** The anchors of both generations of one fleet; null stands for the generation that the fleet has. */
export interface Anchored {
  readonly overlap: Anchors | null;
  /** The same array as `overlap` where there is one generation only. */
  readonly next: Anchors | null;
  /** What the new generation drops, and still lets in where a client sends it along. */
  readonly stillTrusted?: readonly StillTrusted[];
}

/** Decides what the fleet of the context trusts on the way and in the end. */
export type Composition = (context: EffectContext, today: Anchors) => Promise<Anchored>;

export const COMPOSITIONS: Readonly<Record<Strategy, Composition>> = {
  overlap: composeOverlap,
  replace: composeTarget,
  rehearse: composeRehearsal,
  distrust: async (context, today) => ({ overlap: null, next: remaining(context, today) }),
  refresh: async (_context, today) => ({ overlap: today, next: today }),
  sync: async () => ({ overlap: null, next: null }),
};

/** Anchors of other CAs in the bundle stay in both: they are not ours to drop. The old CA goes with all its certificates. */
async function composeOverlap(context: EffectContext, today: Anchors): Promise<Anchored> {
  const oldCa = await defaultIssuer(context);
  if (!holdsCa(today, oldCa)) throw notAnAnchor(context.fleet, oldCa.subject);
  const above = chainAbove(oldCa, today, mayHaveIssued);
  refuseShallowHosts(context, oldCa, above?.length ?? 0);
  const added = (await newChain(context, today)).filter((one) => !holdsCa(today, one));
  refuseDistrusted(context, added);
  const overlap = [...today, ...added];
  const { kept, vouching } = withoutCa(overlap, oldCa);
  const stillTrusted = vouching.map(({ subject }) => ({ subject: oldCa.subject, through: subject }));
  return { overlap, next: kept, stillTrusted };
}

/** A new key under a distrusted parent would bring the parent back (I12). */
function refuseDistrusted({ fleet }: EffectContext, added: Anchors): void {
  const ids = (fleet.distrusted ?? []).map(({ anchor }) => anchor);
  const evil = added.find((one) => isNamed(one, ids));
  if (evil === undefined) return;
  throw new PortError({
    code: 'anchor.distrusted',
    message: `The new CA of ${caLabel(fleet.issuingCa)} is signed by ${evil.subject}, which fleet ${fleet.name} distrusts.`,
    nextStep:
      'Name another parent in signedBy of the issuing CA, or bring this one back by the strategy `replace` with `retrust`.',
  });
}

/** Whoever the CA gives a certificate tomorrow must be let in. */
async function composeTarget(context: EffectContext): Promise<Anchored> {
  const { state, fleet } = context;
  const target = anchorsOf(parseBundle(required(state.snapshot.target ?? null, 'a bundle was named')));
  const issuer = await defaultIssuer(context);
  if (!holdsCa(target, issuer)) throw issuerLeftOut(fleet, issuer.subject);
  return { overlap: target, next: target };
}

async function composeRehearsal(context: EffectContext, today: Anchors): Promise<Anchored> {
  const { ports, state } = context;
  const leaf = await ports.rotations.leaf(state.snapshot.rotationId, 'new');
  const canary = anchorsOf(parseBundle(required(leaf, 'canary.mint').issuerPem));
  return { overlap: [...today, ...canary], next: today };
}

function remaining({ state, fleet }: EffectContext, today: Anchors): Anchors {
  const { distrusted = [] } = state.snapshot;
  const { kept } = withoutAnchors(today, distrusted);
  if (kept.length > 0) return kept;
  throw new PortError({
    code: 'distrust.nothing-left',
    message: `Fleet ${fleet.name} would trust no CA at all.`,
    nextStep:
      'Rotate to another CA with the strategy `replace`: it trusts the new and drops the old in one switch.',
  });
}

/** The generation that the fleet is recorded to serve, and its anchors. */
export async function todayOf(
  { ports }: EffectContext,
  snapshot: FleetSnapshot,
): Promise<{ old: Generation; anchors: Anchors }> {
  const old = await ports.fleets.generation(snapshot.old.id);
  return { old, anchors: anchorsIn(old) };
}

async function defaultIssuer(context: EffectContext): Promise<BundleCertificate> {
  return caCertificate(await issuerById(context, oldIssuerId(context)), context.fleet.issuingCa);
}

/** The new CA and those above it. */
async function newChain(context: EffectContext, anchors: Anchors): Promise<Anchors> {
  const { ports, fleet, state } = context;
  const prepared = required(resultOf(state, 'ca.prepare'), 'ca.prepare');
  const issuer = await issuerById(context, prepared.issuerId);
  const certificate = caCertificate(issuer, fleet.issuingCa);
  const { fingerprint = null } = prepared;
  checkNewCa(certificate, issuer, fleet.issuingCa, { fingerprint, anchors, now: ports.clock.now() });
  const parents = parentsOf(certificate, issuer, fleet.issuingCa, anchors);
  refuseShallowHosts(context, certificate, parents.length);
  return [certificate, ...parents];
}

/** The preflight refuses it: dropping the old CA would drop nobody whom the fleet lets in. */
export function notAnAnchor(fleet: Pick<Fleet, 'name' | 'issuingCa'>, subject: string): PortError {
  return new PortError({
    code: 'ca.not-in-bundle',
    message: `The default issuer of ${caLabel(fleet.issuingCa)}, ${subject}, is not an anchor of the bundle that fleet ${fleet.name} serves.`,
    nextStep: 'Record the bundle that the hosts really serve, or name the PKI mount whose CA is in it.',
  });
}

/** The preflight refuses it. */
export function issuerLeftOut(fleet: Pick<Fleet, 'name' | 'issuingCa'>, subject: string): PortError {
  return new PortError({
    code: 'replace.issuer-left-out',
    message: `The new bundle of fleet ${fleet.name} does not hold the default issuer of ${caLabel(fleet.issuingCa)}, ${subject}: whoever gets a certificate there would be refused.`,
    nextStep: 'Add this CA to the bundle, or make another issuer the default of the mount first.',
  });
}
