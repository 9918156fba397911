import { type FleetSnapshot, fleetsOf, generationsFor, type RenewedGeneration } from '#rotation';
import { type BundleCertificate, type CoveredAnchor, composeGeneration, crlTexts } from '#trust';
import { anchorsIn, crlsBeside } from '../generation-anchors.js';
import type { Generation, SampleClient } from '../ports/fleet-store.js';
import { type EffectContext, hostOf, required } from './context.js';
import { covered, sourcesFor } from './generation-crls.js';
import { recordGeneration, referenceOf } from './record-generation.js';
import { sampleName, sampleVerdicts } from './samples.js';
import { trustSettings } from './trust-settings.js';

type Samples = NonNullable<RenewedGeneration['samples']>;

/** A new-only generation with the CRLs of now, checked and not yet recorded. */
interface Renewal {
  readonly context: EffectContext;
  readonly anchors: readonly BundleCertificate[];
  readonly crls: readonly CoveredAnchor[];
  readonly samples: Samples;
}

/**
 * A soak may have outlived the CRLs of the new-only generations: each that has other ones now is recorded anew, and its
 * samples are judged by it, as their CA may have revoked them since. Throws PortError as {@link covered}, and where
 * samples cannot be judged.
 */
export async function renewCrls(context: EffectContext): Promise<{ renewed?: readonly RenewedGeneration[] }> {
  const due: Renewal[] = [];
  for (const snapshot of fleetsOf(context.state.snapshot)) {
    const fleet = await context.ports.fleets.fleet(snapshot.fleetId);
    const renewal = fleet.revocation === 'crl' ? await renewalOf({ ...context, fleet }, snapshot) : null;
    if (renewal !== null) due.push(renewal);
  }
  // Behind everything that may fail: each repeat would record one more.
  const renewed: RenewedGeneration[] = [];
  for (const { context: own, anchors, crls, samples } of due) {
    const next = referenceOf(await recordGeneration(own, anchors, crls));
    renewed.push({ fleetId: own.fleet.id, next, samples });
  }
  return renewed.length === 0 ? {} : { renewed };
}

/** Null where the generation that was built has the CRLs of now. */
async function renewalOf(
  context: EffectContext,
  { fleetId, hostIds }: FleetSnapshot,
): Promise<Renewal | null> {
  const { ports, state } = context;
  const built = required(generationsFor(state, fleetId), 'generations.build');
  const next = await ports.fleets.generation(built.next.id);
  const anchors = anchorsIn(next);
  const crls = covered(context, 'new-only', anchors, await sourcesFor(context, next, anchors));
  if (listsOf(crls) === listsOf(crlsBeside(next, ports.clock.now()))) return null;
  const anchorsPem = anchors.map(({ pem }) => pem);
  const fresh = composeGeneration({ anchorsPem, crlsPem: crlTexts(crls), markerPem: null });
  return { context, anchors, crls, samples: await judgedBy(context, hostIds, { ...next, ...fresh }) };
}

/** Of the samples that are to be let in: how many are by every server, and the names of the others. */
async function judgedBy(
  context: EffectContext,
  hostIds: readonly string[],
  generation: Generation,
): Promise<Samples> {
  const { state, fleet } = context;
  const going = hostIds.filter((id) => !state.decommissioned.has(id));
  const ids = new Set(trustSettings(state, going).map(({ hostId }) => hostId));
  const hosts = [...ids].map((id) => hostOf(context, id));
  const isRefused = async (sample: SampleClient) => {
    const verdicts = hosts.map((host) => sampleVerdicts(context, host, sample, generation));
    return (await Promise.all(verdicts)).flat().includes('refused');
  };
  const good = fleet.samples.filter(({ expect }) => expect === 'accepted');
  const refused = await Promise.all(good.map(isRefused));
  const lost = good.filter((_, index) => refused[index]).map((one) => sampleName(state, fleet, one));
  return { accepted: good.length - lost.length, refusedAfterContract: lost };
}

function listsOf(all: readonly CoveredAnchor[]): string {
  return all.map(({ list }) => list?.fingerprint ?? '').join();
}
